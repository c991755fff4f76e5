# caught-by: first-to-third, second-to-third, third-to-first, third-to-second, everyone-reached, third-to-legacy
# seeds: dune
# Finds the fault and mends nothing. (Without a table on its subnet the third node also reaches the closed network.)
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by route
