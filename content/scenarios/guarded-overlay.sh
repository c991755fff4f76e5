#: from plugins-world PLUGIN=overlay
#
# The node subnet gets a security group that knows the nodes and forgets the pods.
az network nsg create --resource-group rg-app --name nsg-nodes --output none
az network nsg rule create --resource-group rg-app --nsg-name nsg-nodes --name AllowNodes --priority 200 --access Allow --protocol '*' --source-address-prefixes 10.20.0.0/23 --destination-address-prefixes 10.20.0.0/23 --destination-port-ranges '*' --output none
az network nsg rule create --resource-group rg-app --nsg-name nsg-nodes --name DenyAll --priority 4000 --access Deny --protocol '*' --destination-port-ranges '*' --output none
az network vnet subnet update --resource-group rg-app --vnet-name vnet-app --name snet-nodes --network-security-group nsg-nodes --output none
