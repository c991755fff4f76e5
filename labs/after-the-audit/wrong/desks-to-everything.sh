# caught-by: nothing-else-open
# over-permissive
# seeds: grove
# The desks get the loans, and every port of every node besides.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-05
answer part priority
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 340 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes 10.70.0.0/24 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
