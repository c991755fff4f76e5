# caught-by: pod-direct, node-direct, pod-direct-to-files, nothing-direct
# over-permissive
# Everything that reads the variables goes through the proxy. The door beside it stands open.
# like: solution.sh
# - az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --network-security-group nsg-nodes -o none
