# caught-by: cut-off, decided-by
# seeds: ember
# Mends the right thing and blames another: the first node is cut off, not the second, and no rule does it.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 1)"
answer decided-by nsg
for NODE in $(kubectl get nodes -o name); do
  kubectl debug $NODE --profile=sysadmin --image=busybox -- sysctl -w net.ipv4.ip_forward=1
done
