# caught-by: mended-by-ports, pays-3, by-gateway, from-reserved, pays-for-good
# seeds: birch
# like: solution.sh
# - az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 2 \
# -   --load-balancer-outbound-ports 30000 -o none
#
# - az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-egress -o none
# - az network vnet subnet update -g rg-shop --vnet-name vnet-shop -n snet-nodes --nat-gateway nat-shop -o none
# - az aks update -g rg-shop -n aks-shop --outbound-type userAssignedNATGateway -o none
