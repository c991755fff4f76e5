# caught-by: kubelet-closed
# Nothing closes the nodes.
# like: solution.sh
# -   --route-table rt-aks --network-security-group nsg-aks --output none
# +   --route-table rt-aks --output none
