# caught-by: first-to-second, first-to-third, second-to-first, second-to-third, third-to-first, third-to-second, everyone-reached, partner-to-first, ops-to-first, partner-to-third, ops-to-third, first-to-legacy, first-to-erp, third-to-legacy, third-to-erp
# seeds: birch
# The pods that remain reach each other, but a third of the shop is gone.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by route
az aks nodepool delete -g $RG --cluster-name aks-shop -n shop
