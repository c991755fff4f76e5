# caught-by: lost
# seeds: ember
# Nothing comes back, so nothing got there: that is what it looks like from the shop.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object storefront
answer lost request
az network route-table route delete -g $RG --route-table-name rt-archive -n storefront
