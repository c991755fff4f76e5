# caught-by: first-to-legacy, third-to-legacy
# over-permissive
# seeds: birch
# AKS writes its own routes again; nobody writes the one that closed the old network.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by route
for ROUTE in $(az network route-table route list -g $RG --route-table-name rt-shop --query "[].name" -o tsv); do
  az network route-table route delete -g $RG --route-table-name rt-shop -n "$ROUTE"
done
