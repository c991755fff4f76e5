# caught-by: ranges-apart, datacentre-sees-node, pods-closed
# Pods keep what is sent to 10.1.2.3 for themselves.
#!/usr/bin/env bash
set -euo pipefail

az group create --name rg-corp --location westeurope --output none

# 251 addresses for nodes; nothing here touches 10.1.0.0/16.
az network vnet create --resource-group rg-corp --name vnet-corp --location westeurope \
  --address-prefixes 10.60.0.0/16 --subnet-name snet-aks --subnet-prefixes 10.60.0.0/24 --output none

az network route-table create --resource-group rg-corp --name rt-aks --location westeurope --output none
az network nsg create --resource-group rg-corp --name nsg-aks --location westeurope --output none
az network nsg rule create --resource-group rg-corp --nsg-name nsg-aks --name DenyDataCentreKubelet \
  --priority 200 --direction Inbound --access Deny --protocol Tcp \
  --source-address-prefixes 10.1.0.0/16 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges 10250 --output none
az network vnet subnet update --resource-group rg-corp --vnet-name vnet-corp --name snet-aks \
  --route-table rt-aks --network-security-group nsg-aks --output none

az identity create --resource-group rg-corp --name id-aks --output none
PRINCIPAL_ID=$(az identity show --resource-group rg-corp --name id-aks --query principalId --output tsv)
IDENTITY_ID=$(az identity show --resource-group rg-corp --name id-aks --query id --output tsv)
VNET_ID=$(az network vnet show --resource-group rg-corp --name vnet-corp --query id --output tsv)
TABLE_ID=$(az network route-table show --resource-group rg-corp --name rt-aks --query id --output tsv)
SUBNET_ID=$(az network vnet subnet show --resource-group rg-corp --vnet-name vnet-corp --name snet-aks --query id --output tsv)
az role assignment create --assignee "$PRINCIPAL_ID" --role "Network Contributor" --scope "$VNET_ID" --output none
az role assignment create --assignee "$PRINCIPAL_ID" --role "Network Contributor" --scope "$TABLE_ID" --output none

az aks create --resource-group rg-corp --name aks-corp --node-count 2 --network-plugin kubenet \
  --pod-cidr 10.1.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
  --vnet-subnet-id "$SUBNET_ID" --assign-identity "$IDENTITY_ID" --generate-ssh-keys --output none
az aks get-credentials --resource-group rg-corp --name aks-corp
kubectl create deployment web --image=nginx --replicas=4

az network vnet subnet create --resource-group rg-corp --vnet-name vnet-corp --name snet-vm \
  --address-prefixes 10.60.8.0/24 --output none
az vm create --resource-group rg-corp --name vm-probe --image Ubuntu2204 --vnet-name vnet-corp --subnet snet-vm \
  --admin-username learner --generate-ssh-keys --public-ip-address "" --output none
