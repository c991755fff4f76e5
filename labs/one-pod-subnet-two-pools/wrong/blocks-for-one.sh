# caught-by: two-pools, batch-runs, batches, grows, upgrades, batch-to-ledger, meter-to-batch, meter-to-front, guest-to-batch, guest-to-front, front-to-batch, batch-to-front, batch-to-dns, guest-to-none
# AKS refuses a second mode in a subnet: the pool does not come into being.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
# +   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" \
# +   --pod-ip-allocation-mode StaticBlock --output none || echo "refused"
