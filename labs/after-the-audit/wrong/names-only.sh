# caught-by: every-inside
# seeds: ember
# A rule for lookups, and for nothing else: names work again, whatever else pods say over UDP is denied still.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part protocol
az network nsg rule create -g $RG --nsg-name nsg-system -n a17-11 --priority 210 --direction Inbound --access Allow \
  --protocol Udp --source-address-prefixes 10.244.0.0/16 --source-port-ranges '*' \
  --destination-address-prefixes 10.244.0.0/16 --destination-port-ranges 53 -o none
