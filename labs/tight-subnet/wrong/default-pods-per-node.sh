# caught-by: room-left, upgrade-runs
# Three nodes of 30 have places for the pods, and AKS accepts the upgrade. One address is missing.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
#
# - az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 2 \
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# + az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 3 \
# +   --network-plugin azure --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
