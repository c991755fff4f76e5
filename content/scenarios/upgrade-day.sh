#: seed upgrade-day
#: clock 2026-09-01T09:00:00Z
#
# Node Subnet in a /25: four nodes of 30 pods reserve 116 of its 123 addresses. A second pool has a
# subnet of its own, with room.
az group create --name rg-shop --location westeurope --output none
az network vnet create --resource-group rg-shop --name vnet-shop --address-prefixes 10.20.0.0/16 --subnet-name snet-system --subnet-prefixes 10.20.0.0/25 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-web --address-prefixes 10.20.1.0/24 --output none
SYSTEM=$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-system --query id --output tsv)
WEB=$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-web --query id --output tsv)
az aks create --resource-group rg-shop --name aks-shop --kubernetes-version 1.34 --network-plugin azure --node-count 4 --max-pods 30 --nodepool-name system --vnet-subnet-id "$SYSTEM" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks nodepool add --resource-group rg-shop --cluster-name aks-shop --name web --node-count 3 --max-pods 30 --vnet-subnet-id "$WEB" --output none
az aks get-credentials --resource-group rg-shop --name aks-shop --only-show-errors
kubectl create deployment web --image=nginx --replicas=6 > /dev/null
