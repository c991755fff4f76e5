# caught-by: pod-to-db, pod-to-archive, report-to-books, every-call, everyone-answers, guest-to-books, guest-to-report, guest-to-db, report-to-db
# seeds: cedar
# The flag stays off, and a rule lets in whoever has a private address. The group of AKS on the nodes' NICs asks the tag too.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object aks-to-data
answer lost request
for DIRECTION in Inbound Outbound; do
  az network nsg rule create -g $RG --nsg-name nsg-aks -n private-$DIRECTION --priority 400 --direction $DIRECTION --access Allow \
    --protocol '*' --source-address-prefixes 10.0.0.0/8 192.168.0.0/16 --source-port-ranges '*' \
    --destination-address-prefixes 10.0.0.0/8 192.168.0.0/16 --destination-port-ranges '*' -o none
done
