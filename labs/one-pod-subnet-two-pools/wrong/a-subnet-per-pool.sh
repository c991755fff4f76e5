# caught-by: one-pod-subnet, grows, upgrades
# Two /24 are as much as one /23, but what one pool does not use the other cannot have.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --address-prefixes 10.90.4.0/23 --network-security-group nsg-pods --output none
# +   --address-prefixes 10.90.4.0/24 --network-security-group nsg-pods --output none
# + az network vnet subnet create --resource-group rg-depot --vnet-name vnet-depot --name snet-pods-2 \
# +   --address-prefixes 10.90.5.0/24 --network-security-group nsg-pods --output none
#
# -   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
# +   --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$(subnet_id snet-pods-2)" --output none
