#!/usr/bin/env bash
set -euo pipefail

# The nodes one by one, where they are few; and the deny rules of the two groups at their end.
LEDGER=$(az network nic list -g rg-bank --query "[?contains(name, 'vm-ledger')].ipConfigurations[0].privateIPAddress" -o tsv)
NODES=$(kubectl get nodes -o jsonpath='{.items[*].status.addresses[?(@.type=="InternalIP")].address}')
rule() {
  az network nsg rule create -g rg-bank --nsg-name "$1" -n OrdersToLedger --priority "$2" --direction "$3" \
    --access Allow --protocol Tcp --source-address-prefixes $NODES --source-port-ranges 1024-65535 \
    --destination-address-prefixes "$LEDGER/32" --destination-port-ranges 5432 -o none
}
rule nsg-nodes 100 Outbound

FIRST=$(az network nsg rule list -g rg-bank --nsg-name nsg-data --query "sort_by([?access=='Deny'], &priority)[0].name" -o tsv)
az network nsg rule update -g rg-bank --nsg-name nsg-data -n "$FIRST" --priority 900 -o none
rule nsg-data 800 Inbound

az network nsg rule update -g rg-bank --nsg-name nsg-ledger -n DenyRest --priority 4000 -o none
rule nsg-ledger 3900 Inbound

answer rule "$FIRST"
answer groups 4
answer source "${NODES##* }"
