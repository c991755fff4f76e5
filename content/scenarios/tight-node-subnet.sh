#: seed tight-node-subnet
#: clock 2026-09-01T09:00:00Z frozen
#
# A VNet whose subnet for nodes is a /26, and no cluster yet.
az group create --name rg-tight --location westeurope --output none
az network vnet create --resource-group rg-tight --name vnet-tight --address-prefixes 10.50.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.50.0.0/26 --output none
