# caught-by: customer-to-shop, office-to-admin, every-connection, customer-to-admin, pod-to-payments, pod-to-drop, nothing-else-in, out-as-before
# over-permissive
# Without the default route answers find their way, and everything else finds it too.
set -e
az aks get-credentials -g rg-shop -n aks-shop --overwrite-existing
answer arrives yes
answer lost-at fw-shop
az network vnet subnet update -g rg-shop --vnet-name vnet-shop -n snet-nodes --remove routeTable -o none
