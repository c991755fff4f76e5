# caught-by: partner-to-third
# over-permissive
# seeds: cedar
# Without the NSG the pods talk again, and the partner walks in.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by nsg
az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes-2 --network-security-group "" -o none
