# caught-by: own-route-table
# The table exists, but the subnet has none when the cluster is created.
# like: solution.sh
# -   --route-table rt-aks --network-security-group nsg-aks --output none
# +   --network-security-group nsg-aks --output none
