# Node Subnet in place of Overlay.
# like: solution.sh
# - az aks create -g $RG -n aks-vault --node-count 2 --network-plugin azure --network-plugin-mode overlay \
# + az aks create -g $RG -n aks-vault --node-count 2 --network-plugin azure \
