#!/usr/bin/env bash
# The second cluster has the pod range and the service range of the first: nobody outside a cluster ever sees either.
set -euo pipefail
RG=rg-fleet
az aks get-credentials --resource-group $RG --name aks-fleet-1 --overwrite-existing

az aks show --resource-group $RG --name aks-fleet-1 --query networkProfile.podCidr --output tsv
az network vnet peering list --resource-group $RG --vnet-name vnet-fleet \
  --query "[].{peer:name, space:remoteAddressSpace.addressPrefixes[0]}" --output table
answer holds-now 16
answer at-once 330
answer prefix-length 15

# The only /15 around 10.240.0.0/20; a /16 holds 256 nodes, and the /14 has the hub in it.
az aks update --resource-group $RG --name aks-fleet-1 --pod-cidr 10.240.0.0/15 --output none

az network vnet subnet create --resource-group $RG --vnet-name vnet-fleet --name snet-fleet-2 --address-prefixes 10.20.2.0/23 --output none
SUBNET_ID=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-fleet --name snet-fleet-2 --query id --output tsv)
az aks create --resource-group $RG --name aks-fleet-2 --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.240.0.0/15 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
az aks get-credentials --resource-group $RG --name aks-fleet-2 --overwrite-existing
kubectl create deployment scan --image=nginx:1.27 --replicas=4
