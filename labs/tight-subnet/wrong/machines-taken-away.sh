# caught-by: agents-stay, contractor-to-agents, closed-after-upgrade
# Two machines of the other team make room for the default, and pods inherit the addresses that the rules admit.
#!/usr/bin/env bash
set -euo pipefail

# 128 addresses, 5 of them Azure's, 6 in use and 2 promised. The default asks for 4 nodes of 31.
answer room 115
answer plan-of-30 124

for NUMBER in 4 5; do
  az vm delete --resource-group rg-works --name vm-agent-$NUMBER --yes --output none
  az network nic delete --resource-group rg-works --name vm-agent-${NUMBER}VMNic --output none
done
SUBNET_ID=$(az network vnet subnet show --resource-group rg-works --vnet-name vnet-works --name snet-line --query id --output tsv)
az aks create --resource-group rg-works --name aks-works --location westeurope --node-count 3 \
  --network-plugin azure --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
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

# The machines of the other team first, then the rest of the subnet.
az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name AllowContractorToAgents \
  --priority 200 --direction Inbound --access Allow --protocol Tcp \
  --source-address-prefixes 10.80.9.0/24 --source-port-ranges '*' \
  --destination-address-prefixes 10.70.0.4 10.70.0.5 10.70.0.6 10.70.0.7 10.70.0.8 10.70.0.9 \
  --destination-port-ranges 22 --output none
az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name DenyContractor \
  --priority 300 --direction Inbound --access Deny --protocol '*' \
  --source-address-prefixes 10.80.9.0/24 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' --output none
