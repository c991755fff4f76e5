# caught-by: not-neighbours, whole-subnet, jump-kubelet, build-ssh
# The machines of the administrators are in the subnet of the nodes.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --access Allow --protocol Tcp --source-address-prefixes 10.60.8.10 --source-port-ranges '*' \
# +   --access Allow --protocol Tcp --source-address-prefixes 10.60.0.200 --source-port-ranges '*' \
#
# - az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-admins --address-prefixes 10.60.8.0/24 -o none
#
# - az vm create -g $RG -n vm-jump --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-admins --private-ip-address 10.60.8.10 \
# + az vm create -g $RG -n vm-jump --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-nodes --private-ip-address 10.60.0.200 \
#
# - az vm create -g $RG -n vm-build --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-admins \
# + az vm create -g $RG -n vm-build --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-nodes \
