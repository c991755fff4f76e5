# More nodes with fewer pods each: 5 x (22 + 1) = 115, and 4 x 22 - 31 = 57 places.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
#
# - az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 2 \
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# + az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 4 \
# +   --network-plugin azure --max-pods 22 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
