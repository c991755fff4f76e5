# caught-by: pod-to-db, pod-to-archive, report-to-books, every-call, same-networks, everyone-answers, guest-to-books, guest-to-report, guest-to-db, report-to-db
# seeds: birch
# Deletes a link to make it again. The other side is Disconnected since, and refuses.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object aks-to-data
answer lost request
az network vnet peering delete -g $RG --vnet-name vnet-aks -n aks-to-data
az network vnet peering create -g $RG --vnet-name vnet-aks -n aks-to-data --remote-vnet vnet-data --allow-vnet-access -o none || true
