#!/usr/bin/env bash
# Another way: the new rule goes in before the move, so that no order is lost, and the old one out after it.
# The range comes from the nodes' own subnet id, the list of the agent from the ConfigMap that names the data centre.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing

SUBNET_ID=$(az aks show --resource-group $RG --name aks-plant --query 'agentPoolProfiles[0].vnetSubnetId' --output tsv)
NODES=$(az network vnet subnet show --ids "$SUBNET_ID" --query addressPrefix --output tsv)
POD=$(kubectl get pods -l app=orders -o jsonpath='{.items[0].metadata.name}')
answer seen-before "$(netpath --from "pod/$POD" --to host/erp --port 8080 -o json | jq -r .seenSource.address)"
answer kept-by "$(kubectl get configmaps -n kube-system -o json | jq -r '.items[] | select((.data // {}) | tostring | contains("10.1.0.0/16")) | .metadata.name')"
answer seen-after "$NODES"

ssh root@10.1.0.10 "iptables -I INPUT 3 -s $NODES -p tcp -m multiport --dports 8080 -m conntrack --ctstate NEW -m comment --comment aks-plant -j ACCEPT"

kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 192.168.0.0/16 --output none

ssh erp iptables -D INPUT -s 10.244.0.0/16 -p tcp --dport 8080 -j ACCEPT
