# caught-by: room
# Two nodes of 30 pods fit in a /26, a third does not.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-nodes --address-prefixes 10.60.0.0/24 \
# + az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-nodes --address-prefixes 10.60.0.0/26 \
#
# - az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure --network-plugin-mode overlay \
# -   --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
# + az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure \
# +   --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
