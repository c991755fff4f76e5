#!/usr/bin/env bash
# The same goal in another order, with other ranges, and the subnet born with its table and its NSG.
set -e

LOCATION=westeurope
RG=rg-corp
az group create -n $RG -l $LOCATION -o none

az network route-table create -g $RG -n routes -o none
az network nsg create -g $RG -n guard -o none
az network nsg rule create -g $RG --nsg-name guard -n no-kubelet-from-there --priority 4000 --access Deny \
  --source-address-prefixes 10.1.0.0/16 --destination-port-ranges 10250 --protocol '*' -o none

az network vnet create -g $RG -n vnet-corp --address-prefix 172.20.0.0/20 -o none
az network vnet subnet create -g $RG --vnet-name vnet-corp -n nodes --address-prefix 172.20.0.0/27 \
  --route-table routes --nsg guard -o none
az network vnet subnet create -g $RG --vnet-name vnet-corp -n machines --address-prefix 172.20.1.0/28 -o none
az vm create -g $RG -n vm-probe --image Ubuntu2204 --vnet-name vnet-corp --subnet machines --generate-ssh-keys -o none

IDENTITY=$(az identity create -g $RG -n cluster-identity --query id -o tsv)
az role assignment create --assignee "$(az identity show --ids $IDENTITY --query principalId -o tsv)" \
  --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none

SUBNET=$(az network vnet subnet list -g $RG --vnet-name vnet-corp --query "[?name=='nodes'].id" -o tsv)
az aks create -g $RG -n aks-corp -c 3 --network-plugin kubenet --pod-cidr 192.168.0.0/18 \
  --service-cidr 172.21.0.0/24 --dns-service-ip 172.21.0.10 --vnet-subnet-id $SUBNET \
  --assign-identity $IDENTITY --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-corp --overwrite-existing

kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports:
            - containerPort: 80
YAML
