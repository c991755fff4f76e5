# caught-by: pod-direct, pod-direct-to-files, nothing-direct
# over-permissive
# Pods have a subnet of their own, and the wall stands on the nodes' subnet only.
# like: solution.sh
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
# +   --source-address-prefixes 10.10.0.0/24 10.10.12.0/23 --destination-port-ranges 8080 -o none
# + az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-pods --address-prefixes 10.10.12.0/23 -o none
# - az aks create -g $RG -n aks-shut --node-count 2 --network-plugin azure --network-plugin-mode overlay \
# -   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
# + az aks create -g $RG -n aks-shut --node-count 2 --network-plugin azure --pod-subnet-id "${SUBNET%/*}/snet-pods" \
# +   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
