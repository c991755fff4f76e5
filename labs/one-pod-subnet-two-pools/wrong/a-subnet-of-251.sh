# caught-by: grows, upgrades
# A /24 does today. Next year's nodes get no first batch.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --address-prefixes 10.90.4.0/23 --network-security-group nsg-pods --output none
# +   --address-prefixes 10.90.4.0/24 --network-security-group nsg-pods --output none
#
# -   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
# +   --source-address-prefixes 10.90.4.0/24 --destination-port-ranges '*'
