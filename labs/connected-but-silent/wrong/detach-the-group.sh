# caught-by: guest-to-report, guest-to-db, report-to-db, nobody-else
# over-permissive
# seeds: dune
# Without the group the shop reads its stock, and so does everybody.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object db-from-books
answer lost request
for SUBNET in snet-db snet-report snet-archive; do
  az network vnet subnet update -g $RG --vnet-name vnet-data -n $SUBNET --remove networkSecurityGroup -o none
done
