# caught-by: partner-to-third
# over-permissive
# seeds: cedar
# One rule that allows everything comes before the one that closes the partner's subnet.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by nsg
for DIRECTION in Inbound Outbound; do
  az network nsg rule create -g $RG --nsg-name nsg-nodes-2 -n Allow$DIRECTION --priority 100 --direction $DIRECTION \
    --access Allow --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \
    --destination-address-prefixes '*' --destination-port-ranges '*' -o none
done
