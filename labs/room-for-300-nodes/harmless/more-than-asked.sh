# A third peer, more nodes and pools, a range with a bit to spare where nothing is in its way.
set -euo pipefail
RG=rg-fleet
az aks get-credentials --resource-group $RG --name aks-fleet-1 --overwrite-existing
answer holds-now 16
answer at-once 330
answer prefix-length 15
az aks update --resource-group $RG --name aks-fleet-1 --pod-cidr 10.240.0.0/15 --output none
az network vnet subnet create --resource-group $RG --vnet-name vnet-fleet --name snet-fleet-2 --address-prefixes 10.20.128.0/18 --output none
SUBNET_ID=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-fleet --name snet-fleet-2 --query id --output tsv)
az aks create --resource-group $RG --name aks-fleet-2 --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.248.0.0/14 --service-cidr 172.29.0.0/20 --dns-service-ip 172.29.0.10 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
az aks get-credentials --resource-group $RG --name aks-fleet-2 --overwrite-existing
kubectl create deployment scan --image=nginx:1.27 --replicas=4
az network vnet create --resource-group $RG --name vnet-lab --location westeurope --address-prefixes 10.120.0.0/16 --subnet-name snet-lab --subnet-prefixes 10.120.0.0/24 --output none
az network vnet peering create --resource-group $RG --name to-lab --vnet-name vnet-fleet --remote-vnet vnet-lab --allow-vnet-access --output none
az network vnet peering create --resource-group $RG --name to-fleet --vnet-name vnet-lab --remote-vnet vnet-fleet --allow-vnet-access --output none
az aks nodepool add --resource-group $RG --cluster-name aks-fleet-2 --name extra --node-count 2 --output none
az aks nodepool scale --resource-group $RG --cluster-name aks-fleet-1 --name nodepool1 --node-count 5 --output none
