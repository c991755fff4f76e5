#!/usr/bin/env bash
# One rule takes the place of another.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)

# What erp prints is what it sees.
POD=$(kubectl get pods -l app=orders -o jsonpath='{.items[0].metadata.name}')
kubectl exec "$POD" -- curl -s http://10.1.0.10:8080
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"

kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none

ssh erp iptables -nL INPUT --line-numbers
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
