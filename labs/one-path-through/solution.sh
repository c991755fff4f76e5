#!/usr/bin/env bash
set -euo pipefail

NODES=$(az network vnet subnet show -g rg-bank --vnet-name vnet-bank -n snet-nodes --query addressPrefix -o tsv)
LEDGER=$(az vm list-ip-addresses -g rg-bank -n vm-ledger \
  --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv)

# What the packet looks like, and who decides: the first node that runs a pod of orders.
answer source "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.hostIP}')"
answer groups 4
answer rule "$(az network nsg rule list -g rg-bank --nsg-name nsg-data \
  --query "sort_by([?access=='Deny'], &priority)[0].name" -o tsv)"

# Out of the nodes' subnet, before DenyBank.
az network nsg rule create -g rg-bank --nsg-name nsg-nodes -n AllowLedger --priority 1500 --direction Outbound \
  --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
  --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none

# Into the data subnet and into the card. Rules with low numbers move back, in their order, to make room in front.
for GROUP in nsg-data nsg-ledger; do
  az network nsg rule list -g rg-bank --nsg-name $GROUP --query "[?priority < \`200\`].[name, priority]" -o tsv |
    while read -r NAME PRIORITY; do
      az network nsg rule update -g rg-bank --nsg-name $GROUP -n "$NAME" --priority $((PRIORITY + 400)) -o none
    done
  az network nsg rule create -g rg-bank --nsg-name $GROUP -n AllowOrders --priority 110 --direction Inbound \
    --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
    --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
done
