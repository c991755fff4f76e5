# caught-by: outbound-type, pays, pays-elsewhere, old-address-out, stranger-out, one-port
# like: solution.sh
# - az network vnet subnet update --resource-group rg-pay --vnet-name vnet-pay --name snet-nodes --nat-gateway nat-pay \
# -   --output none
#
# - az aks update --resource-group rg-pay --name aks-pay --outbound-type userAssignedNATGateway --output none
# + az aks update --resource-group rg-pay --name aks-pay --outbound-type managedNATGateway --output none || exit 0
