# caught-by: mended-by-ports
# seeds: birch
# like: solution.sh
# - az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 2 \
# -   --load-balancer-outbound-ports 30000 -o none
# + az aks update -g rg-shop -n aks-shop --load-balancer-outbound-ports 8000 -o none
