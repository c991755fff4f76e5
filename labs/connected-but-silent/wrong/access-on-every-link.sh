# caught-by: guest-to-books, guest-to-report, nobody-else
# over-permissive
# seeds: cedar
# Every link gets the flag, those to the guests too.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object aks-to-data
answer lost request
for VNET in vnet-hub vnet-aks vnet-data vnet-guest; do
  for LINK in $(az network vnet peering list -g $RG --vnet-name $VNET --query '[].name' -o tsv); do
    az network vnet peering update -g $RG --vnet-name $VNET -n $LINK --set allowVirtualNetworkAccess=true -o none
  done
done
