# caught-by: first
# seeds: cedar
set -e
RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing
az network nsg rule update -g $RG --nsg-name nsg-proxy -n proxy-from-nodes --source-address-prefixes 10.80.0.0/24 10.80.1.0/24 -o none
answer end unreached
answer object proxy-from-nodes
