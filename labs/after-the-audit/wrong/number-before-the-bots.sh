# caught-by: bot-to-catalogue, nothing-else-open
# over-permissive
# seeds: dune
# The list of the audit is thrown away for a rule at the very top: bots come in with the readers.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
PUBLIC=$(kubectl get service catalogue -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
answer group nsg-apps
answer rule a17-04
answer part destination
for GROUP in nsg-apps nsg-system; do az network nsg rule delete -g $RG --nsg-name $GROUP -n a17-01; done
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 100 --direction Inbound --access Allow \
  --protocol Tcp --source-address-prefixes Internet --source-port-ranges '*' \
  --destination-address-prefixes "$PUBLIC" --destination-port-ranges 80 -o none
