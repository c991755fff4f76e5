# caught-by: two-pools, one-pod-subnet, batches, grows, upgrades
# Blocks are taken for life: 250 pods per node are 16 of them, and two such nodes take the whole /23.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" --pod-subnet-id "$PODS" \
# +   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" --pod-subnet-id "$PODS" --pod-ip-allocation-mode StaticBlock \
#
# -   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
# +   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --pod-ip-allocation-mode StaticBlock --output none
