#!/usr/bin/env bash
# Tries the calls of the brief, and reads from the first trace that fails what to look at.
set -euo pipefail

RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
POD=$(kubectl get pods -l app=books -o name | head -n 1)

while read -r FROM TO PORT; do
  TRACE=$(netpath --from "$FROM" --to "$TO" --port "$PORT" -o json) || true # 1 if not delivered
  if [ "$(echo "$TRACE" | jq -r .disposition)" != delivered ]; then break; fi
done <<CALLS
$POD vm/vm-db 80
$POD vm/vm-archive 80
$POD host/plant 443
vm/vm-report 10.60.1.10 80
CALLS

if [ "$(echo "$TRACE" | jq -r .reverse)" = null ]; then LOST=request; else LOST=answer; fi
REASON=$(echo "$TRACE" | jq -r .reason)
ROUTES=$(echo "$TRACE" | jq -r '.hops[].steps[] | select(.kind == "route") | .by' | tr '\n' ' ')

case "$TO $REASON $ROUTES" in
  *warehouse*)
    OBJECT=warehouse
    az network route-table route delete -g $RG --route-table-name rt-aks -n warehouse
    ;;
  *storefront*)
    OBJECT=storefront
    az network route-table route delete -g $RG --route-table-name rt-archive -n storefront
    ;;
  *db-from-nobody-else*)
    OBJECT=db-from-books
    az network nsg rule update -g $RG --nsg-name nsg-data -n db-from-books --source-address-prefixes 10.60.0.0/24 -o none
    ;;
  *DenyAllOutBound*)
    OBJECT=aks-to-data
    az network vnet peering update -g $RG --vnet-name vnet-aks -n aks-to-data --set allowVirtualNetworkAccess=true -o none
    ;;
  host/plant*)
    OBJECT=aks-to-hub
    az network vnet peering update -g $RG --vnet-name vnet-aks -n aks-to-hub --set useRemoteGateways=true -o none
    ;;
  vm/vm-archive*)
    OBJECT=aks-to-data
    az network vnet peering sync -g $RG --vnet-name vnet-aks -n aks-to-data -o none
    ;;
esac
answer object "$OBJECT"
answer lost "$LOST"
