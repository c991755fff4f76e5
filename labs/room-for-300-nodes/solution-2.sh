#!/usr/bin/env bash
# Another way: the second cluster is built first, with ranges of its own, and two smaller subnets for two pools.
set -euo pipefail
RG=rg-fleet
az aks get-credentials --resource-group $RG --name aks-fleet-1 --overwrite-existing

az network vnet subnet create --resource-group $RG --vnet-name vnet-fleet --name snet-green --address-prefixes 10.20.4.0/24 --output none
az network vnet subnet create --resource-group $RG --vnet-name vnet-fleet --name snet-blue --address-prefixes 10.20.5.0/24 --output none
ID_OF() { az network vnet subnet show --resource-group $RG --vnet-name vnet-fleet --name "$1" --query id --output tsv; }
az aks create --resource-group $RG --name aks-fleet-2 --node-count 1 --network-plugin-mode overlay --network-plugin azure \
  --network-dataplane cilium --pod-cidr 172.16.0.0/14 --service-cidr 192.168.0.0/20 --dns-service-ip 192.168.0.10 \
  --vnet-subnet-id "$(ID_OF snet-green)" --generate-ssh-keys --output none
az aks nodepool add --resource-group $RG --cluster-name aks-fleet-2 --name blue --node-count 1 --vnet-subnet-id "$(ID_OF snet-blue)" --output none
az aks get-credentials --resource-group $RG --name aks-fleet-2 --overwrite-existing
kubectl create deployment scan --image=nginx:1.27 --replicas=6

kubectl config use-context aks-fleet-1
RANGE=$(az aks show --resource-group $RG --name aks-fleet-1 --query networkProfile.podCidr --output tsv)
LENGTH=${RANGE#*/}
answer holds-now $((1 << (24 - LENGTH)))
answer at-once "$((300 + 30)) nodes"
answer prefix-length /15
az aks update --resource-group $RG --name aks-fleet-1 --pod-cidr "${RANGE%/*}/15" --output none
