# caught-by: every-logs, every-names, every-inside, everyone-answers
# seeds: heath
# Allows it in the group on the cards, which is not the one that denies; and AKS owns that group.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-08
answer part port
NODES=$(az aks show -g $RG -n aks-library --query nodeResourceGroup -o tsv)
az network nsg rule create -g $NODES --nsg-name "$(az network nsg list -g $NODES --query '[0].name' -o tsv)" -n AllowCluster \
  --priority 200 --direction Outbound --access Allow --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
