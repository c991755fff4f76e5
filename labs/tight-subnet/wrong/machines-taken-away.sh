# caught-by: agents-stay, contractor-to-agents, closed-after-upgrade
# Two machines of the other team make room for the default, and pods inherit the addresses that the rules admit.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
# + for NUMBER in 4 5; do
# +   az vm delete --resource-group rg-works --name vm-agent-$NUMBER --yes --output none
# +   az network nic delete --resource-group rg-works --name vm-agent-${NUMBER}VMNic --output none
# + done
#
# - az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 2 \
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# + az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 3 \
# +   --network-plugin azure --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
