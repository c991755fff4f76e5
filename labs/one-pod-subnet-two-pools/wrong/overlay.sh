# caught-by: one-pod-subnet, batches, front-to-ledger, batch-to-ledger, guest-to-ledger, meter-to-batch, meter-to-front, guest-to-batch, guest-to-front, guest-to-none
# Pods of an overlay come with the address of their node, and nobody outside calls them.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# - az aks create --resource-group rg-depot --name aks-depot --location westeurope --network-plugin azure \
# -   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" --pod-subnet-id "$PODS" \
# + az aks create --resource-group rg-depot --name aks-depot --location westeurope --network-plugin azure --network-plugin-mode overlay \
# +   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" \
#
# -   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
# +   --max-pods 60 --vnet-subnet-id "$BATCH" --output none
