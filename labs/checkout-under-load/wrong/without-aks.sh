# caught-by: by-gateway
# like: solution.sh
# - az aks update -g rg-shop -n aks-shop --outbound-type userAssignedNATGateway -o none
