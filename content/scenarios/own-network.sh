#: seed own-network
#: clock 2026-09-01T09:00:00Z
#
# What a network team hands over, before any cluster: a VNet with a subnet for each pool, one for VMs and
# one that a database service has taken; a VNet in another region; a route table with a route of its own;
# and an identity without rights. The file network.env has the ids that the
# cluster team needs.
az group create --name rg-net --location westeurope --output none
az group create --name rg-aks --location westeurope --output none
az network vnet create --resource-group rg-net --name vnet-corp --address-prefixes 10.20.0.0/16 --subnet-name snet-system --subnet-prefixes 10.20.0.0/27 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-corp --name snet-user --address-prefixes 10.20.1.0/25 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-corp --name snet-tools --address-prefixes 10.20.8.0/24 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-corp --name snet-db --address-prefixes 10.20.9.0/24 --delegations Microsoft.DBforPostgreSQL/flexibleServers --output none
az network vnet create --resource-group rg-net --name vnet-north --location northeurope --address-prefixes 10.30.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.30.0.0/24 --output none
az network route-table create --resource-group rg-net --name rt-nodes --output none
az network route-table route create --resource-group rg-net --route-table-name rt-nodes --name to-archive --address-prefix 10.99.0.0/16 --next-hop-type None --output none
az identity create --resource-group rg-aks --name id-aks --output none

subnet_id() { az network vnet subnet show --resource-group rg-net --vnet-name "$1" --name "$2" --query id --output tsv; }
cat > network.env <<ENV
SYSTEM=$(subnet_id vnet-corp snet-system)
USERS=$(subnet_id vnet-corp snet-user)
DATABASE=$(subnet_id vnet-corp snet-db)
NORTH=$(subnet_id vnet-north snet-nodes)
TABLE=$(az network route-table show --resource-group rg-net --name rt-nodes --query id --output tsv)
IDENTITY=$(az identity show --resource-group rg-aks --name id-aks --query id --output tsv)
PRINCIPAL=$(az identity show --resource-group rg-aks --name id-aks --query principalId --output tsv)
ENV
