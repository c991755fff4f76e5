# caught-by: room-left, upgrade-runs
# Four small nodes would fit. In two pools they surge twice.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
#
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# +   --network-plugin azure --max-pods 24 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# + az aks nodepool add --resource-group rg-works --cluster-name aks-works --name line --node-count 2 \
# +   --max-pods 24 --vnet-subnet-id "$SUBNET_ID" --output none
