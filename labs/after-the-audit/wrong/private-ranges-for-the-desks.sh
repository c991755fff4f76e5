# caught-by: guest-to-loans, nothing-else-open
# over-permissive
# seeds: grove
# "The desks are somewhere in 10.0.0.0/8", and so are the guests.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-05
answer part priority
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 340 --direction Inbound --access Allow \
  --protocol Tcp --source-address-prefixes 10.0.0.0/8 --source-port-ranges '*' \
  --destination-address-prefixes 10.60.2.10 --destination-port-ranges 80 -o none
