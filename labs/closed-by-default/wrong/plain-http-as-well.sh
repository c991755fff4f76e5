# caught-by: pod-to-api-plain, the-rest
# over-permissive
# The partner on port 80 too.
# like: solution.sh
# - allow api Https=443 --target-fqdns api.example.com
# + allow api "Http=80 Https=443" --target-fqdns api.example.com
