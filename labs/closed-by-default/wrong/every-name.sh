# caught-by: pod-to-drop, node-to-drop, pod-to-sister, pod-to-lookalike, pod-to-files, the-rest
# over-permissive
# HTTPS only, and to whatever name.
# like: solution.sh
# - allow api Https=443 --target-fqdns api.example.com
# + allow api Https=443 --target-fqdns '*'
