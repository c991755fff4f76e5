#!/usr/bin/env bash
set -euo pipefail

# 1. AKS makes the network, the gateway and its addresses.
az aks create -g rg-send -n aks-managed --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 10 \
  --generate-ssh-keys -o none
az aks get-credentials -g rg-send -n aks-managed
kubectl create deployment probe --image=wbitt/network-multitool --replicas=2
MANAGED=$(for ID in $(az aks show -g rg-send -n aks-managed \
  --query "networkProfile.natGatewayProfile.effectiveOutboundIPs[].id" -o tsv); do
  az network public-ip show --ids "$ID" --query ipAddress -o tsv
done)
answer managed "$(echo $MANAGED | tr ' ' ',')"

# 2. The gateway first, then the subnet, then the cluster.
az network nat gateway create -g rg-send -n nat-send --public-ip-prefixes prefix-send -o none
az network vnet subnet update -g rg-send --vnet-name vnet-send -n snet-nodes --nat-gateway nat-send -o none
SUBNET=$(az network vnet subnet show -g rg-send --vnet-name vnet-send -n snet-nodes --query id -o tsv)
IDENTITY=$(az identity show -g rg-send -n id-aks --query id -o tsv)
az aks create -g rg-send -n aks-own --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" --outbound-type userAssignedNATGateway \
  --service-cidr 192.168.240.0/20 --dns-service-ip 192.168.240.10 --generate-ssh-keys -o none
az aks get-credentials -g rg-send -n aks-own
kubectl create deployment probe --image=wbitt/network-multitool --replicas=2
kubectl expose deployment probe --name front --port 80 --type LoadBalancer

# 3. Addresses of the prefix, times what Azure allows to one destination.
LENGTH=$(az network public-ip prefix show -g rg-send -n prefix-send --query prefixLength -o tsv)
answer same-destination $(((1 << (32 - LENGTH)) * 50000))
answer customer balancer
