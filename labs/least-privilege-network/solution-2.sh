#!/usr/bin/env bash
# Node Subnet; az gives the role on the subnet itself; the network is closed after the cluster is there.
set -euo pipefail

RG=rg-bank
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-bank --address-prefixes 10.60.0.0/21 --subnet-name workers \
  --subnet-prefixes 10.60.2.0/23 -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n admins --address-prefixes 10.60.1.0/27 -o none
WORKERS=$(az network vnet subnet show -g $RG --vnet-name vnet-bank -n workers --query id -o tsv)

az identity create -g $RG -n bank-cluster -o none
az aks create -g $RG -n aks-bank --node-count 2 --max-pods 50 --network-plugin azure --vnet-subnet-id "$WORKERS" \
  --service-cidr 192.168.0.0/22 --dns-service-ip 192.168.0.10 \
  --assign-identity "$(az identity show -g $RG -n bank-cluster --query id -o tsv)" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-bank
kubectl create deployment web --image=nginx --replicas=6

for VM in jump build; do
  az vm create -g $RG -n vm-$VM --image Ubuntu2204 --vnet-name vnet-bank --subnet admins --nsg "" \
    --public-ip-address "" --admin-username azureuser --generate-ssh-keys -o none
done
JUMP=$(az vm show -g $RG -n vm-jump -d --query privateIps -o tsv)

az network nsg create -g $RG -n door -o none
az network nsg rule create -g $RG --nsg-name door -n admins-stay-out --priority 4000 --direction Inbound \
  --access Deny --protocol '*' --source-address-prefixes 10.60.1.0/27 --destination-port-ranges '*' -o none
az network nsg rule create -g $RG --nsg-name door -n ssh-of-one --priority 3999 --direction Inbound \
  --access Allow --protocol Tcp --source-address-prefixes "$JUMP" --destination-port-ranges 22 -o none
az network route-table create -g $RG -n ways -l westeurope -o none
az network route-table route create -g $RG --route-table-name ways -n archive \
  --address-prefix 10.99.0.0/16 --next-hop-type None -o none
az network vnet subnet update -g $RG --vnet-name vnet-bank -n workers --network-security-group door --route-table ways -o none
