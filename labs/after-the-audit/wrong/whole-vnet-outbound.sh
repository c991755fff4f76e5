# caught-by: nothing-else-open
# over-permissive
# seeds: heath
# The range of the VNet holds the nodes, and the machines of the operators as well.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-08
answer part port
az network nsg rule update -g $RG --nsg-name nsg-apps -n a17-08 --destination-address-prefixes 10.60.0.0/16 10.244.0.0/16 \
  --destination-port-ranges '*' -o none
