# caught-by: historian-to-pod, contractor-to-pod, contractor-to-agents, closed-after-upgrade
# Closing the peer closes it to the historian too.
#!/usr/bin/env bash
set -euo pipefail

# 128 addresses, 5 of them Azure's, 6 in use and 2 promised. The default asks for 4 nodes of 31.
answer room 115
answer plan-of-30 124

# Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
SUBNET_ID=$(az network vnet subnet show --resource-group rg-works --vnet-name vnet-works --name snet-line --query id --output tsv)
az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 2 \
  --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
az aks get-credentials --resource-group rg-works --name aks-works
kubectl create deployment line --image=nginx:1.27 --replicas=52

# The control room sees pods; everybody else beyond the VNet sees nodes.
kubectl apply -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: azure-ip-masq-agent-config
  namespace: kube-system
data:
  ip-masq-agent: |-
    nonMasqueradeCIDRs:
      - 10.80.0.0/16
    masqLinkLocal: true
YAML

az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name DenyControlRoom \
  --priority 300 --direction Inbound --access Deny --protocol '*' \
  --source-address-prefixes 10.80.0.0/16 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' --output none
