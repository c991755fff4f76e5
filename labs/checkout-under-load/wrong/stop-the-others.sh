# caught-by: mended-by-ports, load-intact
# over-permissive
# like: solution.sh
# - az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 2 \
# -   --load-balancer-outbound-ports 30000 -o none
# + kubectl delete deployment settlement statements price-feed crawler
