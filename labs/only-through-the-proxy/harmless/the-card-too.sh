# The wall once more, for one host, in the group that AKS made for the cards of its nodes.
# like: solution.sh
az network nsg rule create -g "$(az aks show -g $RG -n aks-shut --query nodeResourceGroup -o tsv)" \
  --nsg-name "$(az network nsg list -g "$(az aks show -g $RG -n aks-shut --query nodeResourceGroup -o tsv)" --query '[0].name' -o tsv)" \
  -n DenyDrop --priority 400 --direction Outbound --access Deny --protocol '*' --source-address-prefixes '*' \
  --destination-address-prefixes 198.51.100.66 --destination-port-ranges '*' -o none
