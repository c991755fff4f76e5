#: seed nat-own
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host receiver 203.0.113.80 ports=80,443
#: internet-host customer 198.51.100.7 ports=22
#
# A network of one's own before a cluster comes: a subnet for nodes, old enough to have default outbound access, one with a
# machine that has a public address, a prefix of two addresses for a NAT gateway, and an identity that may use the network.
az group create --name rg-send --location westeurope --output none
az network vnet create --resource-group rg-send --name vnet-send --address-prefixes 10.20.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.20.0.0/24 --output none
az network vnet subnet update --resource-group rg-send --vnet-name vnet-send --name snet-nodes --default-outbound-access true --output none
az network vnet subnet create --resource-group rg-send --vnet-name vnet-send --name snet-mail --address-prefixes 10.20.1.0/24 --output none
az network public-ip prefix create --resource-group rg-send --name prefix-send --length 31 --output none
az network public-ip create --resource-group rg-send --name pip-mail --sku Standard --allocation-method Static --output none
az network nsg create --resource-group rg-send --name nsg-mail --output none
az vm create --resource-group rg-send --name vm-mail --image Ubuntu2204 --vnet-name vnet-send --subnet snet-mail --public-ip-address pip-mail --nsg nsg-mail --generate-ssh-keys --only-show-errors --output none
az identity create --resource-group rg-send --name id-aks --output none
PRINCIPAL=$(az identity show --resource-group rg-send --name id-aks --query principalId --output tsv)
NETWORK=$(az network vnet show --resource-group rg-send --name vnet-send --query id --output tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$NETWORK" --output none
