# caught-by: every-egress, everyone-answers
# seeds: flint
# The API server by its address of today. The registry and the rest of the internet are still cut off.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-09
answer part source-port
NODE=$(kubectl get nodes -l agentpool=system -o name | head -n 1)
API=$(netpath --from $NODE --to https://$(az aks show -g $RG -n aks-library --query fqdn -o tsv) | grep -oE '\(([0-9.]+)\) tcp/443' | grep -oE '[0-9]+(\.[0-9]+){3}')
az network nsg rule create -g $RG --nsg-name nsg-system -n a17-11 --priority 310 --direction Outbound --access Allow \
  --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' \
  --destination-address-prefixes "$API" --destination-port-ranges 443 -o none
