# caught-by: guest-to-report, nobody-else
# over-permissive
# seeds: cedar
# Mends the link of the shop, and sets the flag on the link from the data to the guests as well.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object aks-to-data
answer lost request
az network vnet peering update -g $RG --vnet-name vnet-aks -n aks-to-data --set allowVirtualNetworkAccess=true -o none
az network vnet peering update -g $RG --vnet-name vnet-data -n data-to-guest --set allowVirtualNetworkAccess=true -o none
