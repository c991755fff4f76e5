# caught-by: outbound-type
# like: solution.sh
# - az aks update --resource-group rg-pay --name aks-pay --outbound-type userAssignedNATGateway --output none
