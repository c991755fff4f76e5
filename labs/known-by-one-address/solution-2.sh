#!/usr/bin/env bash
set -euo pipefail

# The addresses of the prefix one by one, and Node Subnet.
COUNT=$((1 << (32 - $(az network public-ip prefix show -g rg-send -n prefix-send --query prefixLength -o tsv))))
NAMES=""
for ((NUMBER = 1; NUMBER <= COUNT; NUMBER++)); do
  az network public-ip create -g rg-send -n pip-send-$NUMBER --sku Standard --allocation-method Static \
    --public-ip-prefix prefix-send -o none
  NAMES="$NAMES pip-send-$NUMBER"
done
az network nat gateway create -g rg-send -n nat-mine --public-ip-addresses $NAMES --idle-timeout 15 -o none
az network vnet subnet update -g rg-send --vnet-name vnet-send -n snet-nodes \
  --nat-gateway "$(az network nat gateway show -g rg-send -n nat-mine --query id -o tsv)" -o none
az aks create -g rg-send -n aks-own --node-count 2 --network-plugin azure \
  --vnet-subnet-id "$(az network vnet subnet show -g rg-send --vnet-name vnet-send -n snet-nodes --query id -o tsv)" \
  --assign-identity "$(az identity show -g rg-send -n id-aks --query id -o tsv)" \
  --outbound-type userAssignedNATGateway --service-cidr 192.168.240.0/20 --dns-service-ip 192.168.240.10 \
  --generate-ssh-keys -o none
az aks get-credentials -g rg-send -n aks-own
kubectl create deployment probe --image=wbitt/network-multitool --replicas=2
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: Service
metadata: { name: front }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: probe }
  ports: [{ port: 80 }]
YAML
answer same-destination $((COUNT * 50000))
answer customer balancer

# A cluster with one address gets its second, and its timeout, later.
az aks create -g rg-send -n aks-managed --node-count 2 --outbound-type managedNATGateway --generate-ssh-keys -o none
az aks update -g rg-send -n aks-managed --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 10 -o none
az aks get-credentials -g rg-send -n aks-managed
kubectl create deployment probe --image=wbitt/network-multitool --replicas=2
NODES=$(az aks show -g rg-send -n aks-managed --query nodeResourceGroup -o tsv)
answer managed "$(az network public-ip list -g "$NODES" --query "[].ipAddress | join(',', @)" -o tsv)"
