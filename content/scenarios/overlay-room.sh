#: seed overlay-room
#: clock 2026-09-01T09:00:00Z frozen
#
# Four nodes, and a pod range that has a /24 for each of them and for nobody else.
az group create --name rg-app --location westeurope --output none
az network vnet create --resource-group rg-app --name vnet-app --address-prefixes 10.20.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.20.0.0/23 --output none
NODES=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-nodes --query id --output tsv)
az aks create --resource-group rg-app --name aks-app --node-count 4 --max-pods 30 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/22 --vnet-subnet-id "$NODES" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-app --name aks-app --only-show-errors
