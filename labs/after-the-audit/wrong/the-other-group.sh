# caught-by: group, every-logs, every-inside, everyone-answers
# seeds: amber
# Widens the same rule in the group of the sender. Nobody asked that one about the inbound packet.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part source
az network nsg rule update -g $RG --nsg-name nsg-system -n a17-02 \
  --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 -o none
