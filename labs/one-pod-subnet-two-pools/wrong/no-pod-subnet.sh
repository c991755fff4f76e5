# caught-by: two-pools, one-pod-subnet, front-runs, batch-runs, batches, grows, upgrades, front-to-ledger, batch-to-ledger, guest-to-ledger, meter-to-batch, meter-to-front, guest-to-batch, guest-to-front, front-to-batch, batch-to-front, batch-to-dns, guest-to-none
# Node Subnet: three nodes of 30 pods do not fit in snet-batch, and the script ends there.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" --pod-subnet-id "$PODS" \
# +   --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" \
#
# -   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
# +   --max-pods 30 --vnet-subnet-id "$BATCH" --output none
