# Flags that nobody needs here.
# like: solution.sh
az network vnet peering update -g rg-books --vnet-name vnet-aks -n aks-to-data --set allowForwardedTraffic=true -o none
az network vnet peering update -g rg-books --vnet-name vnet-data -n data-to-aks --set allowForwardedTraffic=true -o none
