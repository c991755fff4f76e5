#: seed full-pod-subnet
#: clock 2026-09-01T09:00:00Z frozen
#
# Fifteen nodes, and a /24 for their pods: the first batches leave no room for a second one.
az group create --name rg-pods --location westeurope --output none
az network vnet create --resource-group rg-pods --name vnet-pods --address-prefixes 10.60.0.0/16 --output none
NODES=$(az network vnet subnet create --resource-group rg-pods --vnet-name vnet-pods --name snet-nodes --address-prefixes 10.60.0.0/24 --query id --output tsv)
PODS=$(az network vnet subnet create --resource-group rg-pods --vnet-name vnet-pods --name snet-pods --address-prefixes 10.60.1.0/24 --query id --output tsv)
az aks create --resource-group rg-pods --name aks --node-count 15 --network-plugin azure --vnet-subnet-id "$NODES" --pod-subnet-id "$PODS" --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-pods --name aks --only-show-errors
