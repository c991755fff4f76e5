# caught-by: rule, part
# seeds: birch
# The repair is right. But the rule that drops is not the one that has to change.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-07
answer part source
az network nsg rule update -g $RG --nsg-name nsg-apps -n a17-03 --destination-port-ranges 30000-32767 -o none
