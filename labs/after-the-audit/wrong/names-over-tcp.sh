# caught-by: every-names, every-inside, everyone-answers
# seeds: cedar
# A rule for CoreDNS, and for TCP only: lookups go over UDP.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part destination
az network nsg rule create -g $RG --nsg-name nsg-system -n a17-11 --priority 210 --direction Inbound --access Allow \
  --protocol Tcp --source-address-prefixes 10.244.0.0/16 --source-port-ranges '*' \
  --destination-address-prefixes 10.244.0.0/16 --destination-port-ranges 53 -o none
