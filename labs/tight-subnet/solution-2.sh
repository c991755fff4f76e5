#!/usr/bin/env bash
# The same goal with three smaller nodes, a rule per side of the subnet, and the narrowest list.
set -e

RG=rg-works
answer plan-of-30 124
answer room 115

# The six machines, .4 to .9, as two ranges; the cluster gets what lies behind them.
az network nsg rule create -g $RG --nsg-name nsg-line -n contractor-ssh --priority 1000 --access Allow \
  --source-address-prefixes 10.80.9.0/24 --destination-address-prefixes 10.70.0.4/30 10.70.0.8/31 \
  --destination-port-ranges 22 --protocol Tcp -o none
az network nsg rule create -g $RG --nsg-name nsg-line -n contractor-nothing-else --priority 1001 --access Deny \
  --source-address-prefixes 10.80.9.0/24 --destination-address-prefixes 10.70.0.0/25 \
  --destination-port-ranges '*' --protocol '*' -o none

# 4 x (27 + 1) = 112 addresses; 3 x 27 - 3 x 6 - 7 = 56 places.
az aks create -g $RG -n aks-works -c 3 -m 27 --network-plugin azure --generate-ssh-keys -o none \
  --vnet-subnet-id "$(az network vnet subnet list -g $RG --vnet-name vnet-works --query "[?name=='snet-line'].id" -o tsv)"
az aks get-credentials -g $RG -n aks-works --overwrite-existing

kubectl -n kube-system create configmap azure-ip-masq-agent-config \
  --from-literal=ip-masq-agent='{"nonMasqueradeCIDRs": ["10.80.0.0/24"], "masqLinkLocal": true}'

kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: gauges
spec:
  replicas: 52
  selector:
    matchLabels: { app: line }
  template:
    metadata:
      labels: { app: line }
    spec:
      containers:
        - name: web
          image: nginx
          ports:
            - containerPort: 80
YAML
