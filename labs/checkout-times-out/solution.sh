#!/usr/bin/env bash
# Looks for each of the things that a change can break, and mends the one it finds.
set -euo pipefail

RG=rg-shop
TABLE=rt-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing

# Which pairs fail, and what decides?
PODS=$(kubectl get pods -l app=checkout -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.spec.nodeName}{"\n"}{end}')
FAILING=""
ENDS=""
while read -r FROM FROM_NODE; do
  while read -r TO TO_NODE; do
    if [ "$FROM" = "$TO" ]; then continue; fi
    TRACE=$(netpath --from pod/$FROM --to pod/$TO --port 80 -o json) || true # 1 if not delivered
    if [ "$(echo "$TRACE" | jq -r .disposition)" = delivered ]; then continue; fi
    # How it ends, and the last place of the direction that failed.
    FAILING="$FAILING$FROM_NODE $TO_NODE
"
    ENDS="$ENDS$FROM_NODE $(echo "$TRACE" | jq -r '[(if .reverse != null then .reverse else . end).hops[-1].place, .disposition] | join(" ")')
"
  done <<< "$PODS"
done <<< "$PODS"

PAIRS=$(echo -n "$FAILING" | wc -l)
CUT_OFF=$(echo -n "$FAILING" | tr ' ' '\n' | sort | uniq -c | awk -v pairs="$PAIRS" '$1 == pairs {print $2}')
answer cut-off "$CUT_OFF"

# What becomes of the calls from there?
case "$(echo "$ENDS" | grep "^$CUT_OFF " | head -n 1 | cut -d' ' -f2-)" in
  node/*) answer decided-by node ;;
  *denied-*) answer decided-by nsg ;;
  *) answer decided-by route ;;
esac

# A node's route must lead to that node's address.
kubectl get nodes -o jsonpath='{range .items[*]}{.spec.podCIDR}{" "}{.status.addresses[?(@.type=="InternalIP")].address}{"\n"}{end}' |
while read -r RANGE ADDRESS; do
  NAME=$(az network route-table route list -g $RG --route-table-name $TABLE \
    --query "[?addressPrefix=='$RANGE' && nextHopIpAddress!='$ADDRESS'].name" -o tsv)
  [ -z "$NAME" ] || az network route-table route update -g $RG --route-table-name $TABLE -n "$NAME" \
    --next-hop-type VirtualAppliance --next-hop-ip-address "$ADDRESS" -o none
done

# No route of ours may lead a piece of the pod range elsewhere.
for NAME in $(az network route-table route list -g $RG --route-table-name $TABLE \
  --query "[?starts_with(addressPrefix, '10.244.') && nextHopType=='None'].name" -o tsv); do
  az network route-table route delete -g $RG --route-table-name $TABLE -n "$NAME"
done

# No rule may deny the pod range.
for NSG in nsg-nodes-1 nsg-nodes-2; do
  for RULE in $(az network nsg rule list -g $RG --nsg-name $NSG --query \
    "[?access=='Deny' && (sourceAddressPrefix=='10.244.0.0/16' || destinationAddressPrefix=='10.244.0.0/16')].name" -o tsv); do
    az network nsg rule delete -g $RG --nsg-name $NSG -n "$RULE"
  done
done

# Both node subnets share the table.
for SUBNET in snet-nodes-1 snet-nodes-2; do
  if [ -z "$(az network vnet subnet show -g $RG --vnet-name vnet-shop -n $SUBNET --query routeTable.id -o tsv)" ]; then
    az network vnet subnet update -g $RG --vnet-name vnet-shop -n $SUBNET --route-table $TABLE -o none
  fi
done

# Every node passes packets on.
for NODE in $(kubectl get nodes -o name); do
  kubectl debug "$NODE" --profile=sysadmin --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- \
    sysctl -w net.ipv4.ip_forward=1
done
