# caught-by: pod-to-db, every-call, everyone-answers, guest-to-db, report-to-db
# seeds: dune
# More of the pods' range. Beyond their own VNet, Overlay pods have the addresses of their nodes.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object db-from-books
answer lost request
az network nsg rule update -g $RG --nsg-name nsg-data -n db-from-books --source-address-prefixes 10.244.0.0/15 -o none
