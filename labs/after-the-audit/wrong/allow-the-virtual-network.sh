# caught-by: guest-to-loans, guest-to-apps, nothing-else-open
# over-permissive
# seeds: amber
# The tag holds the nodes, and every peered network as well.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-02
answer part source
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 210 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes VirtualNetwork --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
