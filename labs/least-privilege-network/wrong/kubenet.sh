# caught-by: azure-cni, not-the-network
# The plugin that is on its way out; it needs the route table too.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure --network-plugin-mode overlay \
# + az aks create -g $RG -n aks-bank --node-count 2 --network-plugin kubenet \
#
# -   --skip-subnet-role-assignment --generate-ssh-keys -o none
# +   --generate-ssh-keys -o none
