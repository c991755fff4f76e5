#!/usr/bin/env bash
# Another way: first what the links say of themselves, then the routes and rules that are in force.
set -euo pipefail

RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
POD=$(kubectl get pods -l app=books -o name | head -n 1)
link() { az network vnet peering show -g $RG --vnet-name vnet-aks -n "$1" --query "$2" -o tsv; }
lost() { # what is lost of a call: request, answer or nothing
  netpath --from "$1" --to "$2" --port "$3" -o json |
    jq -r 'if .disposition == "delivered" then "nothing" elif .reverse == null then "request" else "answer" end' || true
}

LOST=request OBJECT=
if [ "$(link aks-to-data peeringSyncLevel)" != FullyInSync ]; then
  OBJECT=data-to-aks # the link whose far side has changed is as good a name for it
  az network vnet peering sync -g $RG --vnet-name vnet-aks -n aks-to-data -o none
elif [ "$(link aks-to-data allowVirtualNetworkAccess)" = False ] || [ "$(link aks-to-data allowVirtualNetworkAccess)" = false ]; then
  OBJECT=aks-to-data
  az network vnet peering update -g $RG --vnet-name vnet-aks -n aks-to-data --set allowVirtualNetworkAccess=true -o none
elif [ "$(lost "$POD" host/plant 443)" != nothing ]; then
  OBJECT=aks-to-hub
  az network vnet peering update -g $RG --vnet-name vnet-aks -n aks-to-hub --set useRemoteGateways=true -o none
else
  # A route for addresses of a peer, with an appliance for its next hop: more specific ones win.
  for TABLE in rt-aks rt-archive; do
    for ROUTE in $(az network route-table route list -g $RG --route-table-name $TABLE \
      --query "[?starts_with(addressPrefix, '10.60.') || starts_with(addressPrefix, '10.61.')].name" -o tsv); do
      OBJECT=$ROUTE
      if [ $TABLE = rt-archive ]; then
        LOST=answer
        # The peer's range, given back to the peering by a more specific decision: none at all.
        az network vnet subnet update -g $RG --vnet-name vnet-data -n snet-archive --remove routeTable -o none
      else
        az network route-table route delete -g $RG --route-table-name $TABLE -n "$ROUTE"
      fi
    done
  done
  if [ -z "$OBJECT" ]; then
    OBJECT=db-from-books
    az network nsg rule create -g $RG --nsg-name nsg-data -n db-from-the-nodes --priority 210 --direction Inbound \
      --access Allow --protocol Tcp --source-address-prefixes 10.60.0.0/24 --source-port-ranges '*' \
      --destination-address-prefixes 10.61.0.4 --destination-port-ranges 80 -o none
  fi
fi
answer object "$OBJECT"
answer lost $LOST
