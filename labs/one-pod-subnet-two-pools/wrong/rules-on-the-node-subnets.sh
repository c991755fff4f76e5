# caught-by: meter-to-front, guest-to-batch, guest-to-front, guest-to-none
# An NSG on the subnets of the nodes does not see what is addressed to pods.
# like: solution.sh
# -   --address-prefixes 10.90.4.0/23 --network-security-group nsg-pods --output none
# +   --address-prefixes 10.90.4.0/23 --output none
# + for NODES in snet-front snet-batch; do
# +   az network vnet subnet update --resource-group rg-depot --vnet-name vnet-depot --name $NODES \
# +     --network-security-group nsg-pods --output none
# + done
