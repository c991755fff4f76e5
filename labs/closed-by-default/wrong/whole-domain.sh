# caught-by: pod-to-sister, pod-to-lookalike, the-rest
# over-permissive
# The partner's domain instead of the partner's name.
# like: solution.sh
# - allow api Https=443 --target-fqdns api.example.com
# + allow api Https=443 --target-fqdns '*.example.com'
