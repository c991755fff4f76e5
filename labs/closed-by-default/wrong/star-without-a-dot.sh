# caught-by: pod-to-lookalike, the-rest
# over-permissive
# A star before the name, and no dot between them.
# like: solution.sh
# - allow api Https=443 --target-fqdns api.example.com
# + allow api Https=443 --target-fqdns '*api.example.com'
