# caught-by: first-to-third, second-to-third, third-to-first, third-to-second, everyone-reached, third-to-legacy
# seeds: dune
# A table of its own for the second subnet: AKS writes its routes into one table only.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by route
az network route-table create -g $RG -n rt-second -o none
az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes-2 --route-table rt-second -o none
