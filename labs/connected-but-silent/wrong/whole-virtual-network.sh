# caught-by: report-to-db, nobody-else
# over-permissive
# seeds: dune
# The tag holds the nodes, and the database's own network.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object db-from-books
answer lost request
az network nsg rule update -g $RG --nsg-name nsg-data -n db-from-books --source-address-prefixes VirtualNetwork -o none
