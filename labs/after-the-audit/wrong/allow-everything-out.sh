# caught-by: pod-to-mirror, nothing-else-open
# over-permissive
# seeds: heath
# One rule for everything outbound, before the one that denies.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-08
answer part port
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 400 --direction Outbound --access Allow \
  --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
