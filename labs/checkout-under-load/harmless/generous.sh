# like: solution.sh
# - az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 2 \
# -   --load-balancer-outbound-ports 30000 -o none
# + az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 5 --load-balancer-outbound-ports 60000 --load-balancer-idle-timeout 20 -o none
# + az network public-ip create -g rg-shop -n pip-unused --sku Standard -o none
