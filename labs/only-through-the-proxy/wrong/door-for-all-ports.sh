# caught-by: proxy-door
# over-permissive
# Nodes get at every port of the proxy's machine, ssh as well.
# like: solution.sh
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
# +   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges '*' -o none
