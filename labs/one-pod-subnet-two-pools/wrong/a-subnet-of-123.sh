# caught-by: batch-runs, batches, grows, upgrades
# 5 nodes of 16 pass every check of AKS in a /25, and the second batch is not there when the pods come.
# like: solution.sh
# - # 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
#
# -   --address-prefixes 10.90.4.0/23 --network-security-group nsg-pods --output none
# +   --address-prefixes 10.90.4.0/25 --network-security-group nsg-pods --output none
#
# -   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
# +   --source-address-prefixes 10.90.4.0/25 --destination-port-ranges '*'
