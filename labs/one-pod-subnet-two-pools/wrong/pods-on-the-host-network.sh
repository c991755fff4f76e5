# caught-by: batch-runs, batches, grows, upgrades, batch-to-ledger, meter-to-batch, meter-to-front, guest-to-batch, guest-to-front, front-to-batch, batch-to-front, batch-to-dns, guest-to-none
# Pods with the address of their node take nothing from the pod subnet.
#!/usr/bin/env bash
set -euo pipefail

answer nodes-in-24 15
answer stranded 11
answer held-at-25 48

# 14 nodes of two batches are 448 addresses, and an upgrade adds nodes: a /24 has 251, a /23 has 507.
az network nsg create --resource-group rg-depot --name nsg-pods --location westeurope --output none
az network vnet subnet create --resource-group rg-depot --vnet-name vnet-depot --name snet-pods \
  --address-prefixes 10.90.4.0/23 --network-security-group nsg-pods --output none

subnet_id() {
  az network vnet subnet show --resource-group rg-depot --vnet-name vnet-depot --name "$1" --query id --output tsv
}
FRONT=$(subnet_id snet-front)
BATCH=$(subnet_id snet-batch)
PODS=$(subnet_id snet-pods)

az aks create --resource-group rg-depot --name aks-depot --location westeurope --network-plugin azure \
  --nodepool-name front --node-count 2 --vnet-subnet-id "$FRONT" --pod-subnet-id "$PODS" \
  --generate-ssh-keys --output none
az aks nodepool add --resource-group rg-depot --cluster-name aks-depot --name batch --mode User --node-count 3 \
  --max-pods 60 --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --output none
az aks get-credentials --resource-group rg-depot --name aks-depot

# front answers on port 80, batch on port 8080: the port is what tells them apart.
kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: front
spec:
  replicas: 12
  selector:
    matchLabels: { app: front }
  template:
    metadata:
      labels: { app: front }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: front }
      containers:
        - name: front
          image: nginx:1.27
          ports: [{ containerPort: 80 }]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: batch
spec:
  replicas: 60
  selector:
    matchLabels: { app: batch }
  template:
    metadata:
      labels: { app: batch }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: batch }
      hostNetwork: true
      containers:
        - name: batch
          image: nginxinc/nginx-unprivileged:1.27
          ports: [{ containerPort: 8080 }]
YAML

# Pods among themselves, the meter to the port of batch, nobody else.
METER=$(az vm show --resource-group rg-depot --name vm-meter --show-details --query privateIps --output tsv)
rule() {
  az network nsg rule create --resource-group rg-depot --nsg-name nsg-pods --direction Inbound \
    --source-port-ranges '*' --destination-address-prefixes '*' --output none "$@"
}
rule --name AllowPods --priority 200 --access Allow --protocol '*' \
  --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
rule --name AllowMeterToBatch --priority 210 --access Allow --protocol Tcp \
  --source-address-prefixes "$METER" --destination-port-ranges 8080
rule --name DenyTheRest --priority 300 --access Deny --protocol '*' \
  --source-address-prefixes VirtualNetwork --destination-port-ranges '*'
