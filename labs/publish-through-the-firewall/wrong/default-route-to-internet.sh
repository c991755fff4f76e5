# caught-by: customer-to-shop, office-to-admin, every-connection, customer-to-admin, pod-to-payments, pod-to-drop, nothing-else-in, out-as-before
# over-permissive
# One address was too little to write down, so all of them go out directly.
set -e
az aks get-credentials -g rg-shop -n aks-shop --overwrite-existing
answer arrives yes
answer lost-at fw-shop
az network route-table route update -g rg-shop --route-table-name rt-nodes -n all --next-hop-type Internet --next-hop-ip-address "" -o none
