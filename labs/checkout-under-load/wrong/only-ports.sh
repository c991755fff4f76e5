# caught-by: by-gateway, from-reserved
# like: solution.sh
# - az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-egress -o none
# - az network vnet subnet update -g rg-shop --vnet-name vnet-shop -n snet-nodes --nat-gateway nat-shop -o none
# - az aks update -g rg-shop -n aks-shop --outbound-type userAssignedNATGateway -o none
