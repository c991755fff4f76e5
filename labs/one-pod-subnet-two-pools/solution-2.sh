#!/usr/bin/env bash
# The same goal from the other half of the range, with the NSG put on last and rules that name the
# callers that are not wanted, and more nodes from the start.
set -e

RG=rg-depot
answer held-at-25 48
answer stranded 11
answer nodes-in-24 15

az network vnet subnet create -g $RG --vnet-name vnet-depot -n for-pods --address-prefix 10.90.6.0/23 -o none
PODS=$(az network vnet subnet list -g $RG --vnet-name vnet-depot --query "[?name=='for-pods'].id" -o tsv)
VNET=${PODS%/subnets/*}

az aks create -g $RG -n aks-depot --nodepool-name front -c 3 -m 40 --network-plugin azure --generate-ssh-keys \
  --vnet-subnet-id $VNET/subnets/snet-front --pod-subnet-id $PODS -o none
az aks nodepool add -g $RG --cluster-name aks-depot -n batch -c 4 -m 110 \
  --vnet-subnet-id $VNET/subnets/snet-batch --pod-subnet-id $PODS --labels work=batch -o none
az aks get-credentials -g $RG -n aks-depot --overwrite-existing

for APP in "front agentpool front nginx 12" "batch work batch nginxinc/nginx-unprivileged 80"; do
  set -- $APP
  kubectl create deployment $1 --image=$4 --replicas=$5 --dry-run=client -o json \
    | jq --arg key $2 --arg value $3 '.spec.template.spec.nodeSelector = {($key): $value}' \
    | kubectl apply -f -
done

az network nsg create -g $RG -n pods-only -o none
az network nsg rule create -g $RG --nsg-name pods-only -n meter --priority 100 --access Allow --protocol Tcp \
  --source-address-prefixes 10.90.1.4 --destination-address-prefixes 10.90.6.0/23 --destination-port-ranges 8080 -o none
az network nsg rule create -g $RG --nsg-name pods-only -n machines --priority 110 --access Deny --protocol '*' \
  --source-address-prefixes 10.90.1.0/24 10.90.2.0/24 10.90.3.0/24 --destination-port-ranges '*' -o none
az network vnet subnet update -g $RG --vnet-name vnet-depot -n for-pods --nsg pods-only -o none
