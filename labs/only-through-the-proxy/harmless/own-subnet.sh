# Nodes in a subnet of their own, and the proxy opened for that.
# like: solution.sh
# - az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 200 --direction Inbound --access Allow --protocol Tcp \
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
# + az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-more --address-prefixes 10.10.4.0/23 -o none
# + az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 200 --direction Inbound --access Allow --protocol Tcp \
# +   --source-address-prefixes 10.10.4.0/24 10.10.5.0/24 --destination-port-ranges 8080 -o none
# - SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)
# + SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-more --query id -o tsv)
# - az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --network-security-group nsg-nodes -o none
# + az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-more --network-security-group nsg-nodes -o none
