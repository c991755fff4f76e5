#!/usr/bin/env bash
# Another way: part of the pool moves out, the surge is a number, the pod range becomes as large as it may.
set -euo pipefail

RG=rg-mill
az aks get-credentials -g $RG -n aks-mill --overwrite-existing --only-show-errors

# What does it say? Asking again changes nothing where it is refused, and fails again where it failed.
ERROR=$(az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none 2>&1) || true
read -r NEEDED USABLE SUBNET <<< "$(echo "$ERROR" | sed -n 's/^Message: Pre-allocated IPs \([0-9]*\) exceeds IPs available \([0-9]*\) in Subnet Cidr [^,]*, Subnet Name \([a-zA-Z.-]*\)\. .*/\1 \2 \3/p')"
show() { az aks nodepool show -g $RG --cluster-name aks-mill -n work --query "$1" -o tsv; }
COUNT=$(show count)
if echo "$ERROR" | grep -q SubnetIsFull; then
  # Others hold addresses: what is taken, and the 29 of one node more, against 123.
  SUBNET=snet-work
  USABLE=123
  TAKEN=$(az network vnet subnet show -g $RG --vnet-name vnet-mill -n snet-work --query "length(ipConfigurations)" -o tsv)
  NEEDED=$((TAKEN + 29))
  CAUSE=neighbours
elif [ "$SUBNET" = networkProfile.podCIDR ]; then
  CAUSE=size
elif [ "$(show maxCount)" != "" ] && [ $(((COUNT + 1) * 29)) -le "$USABLE" ]; then
  CAUSE=autoscaler
elif [ $(((COUNT + 1) * 29)) -le "$USABLE" ]; then
  CAUSE=surge
else
  CAUSE=size
fi

answer short-of "$SUBNET"
answer missing $((NEEDED - USABLE))
answer because $CAUSE

case $CAUSE-$SUBNET in
  *-networkProfile.podCIDR)
    az aks update -g $RG -n aks-mill --pod-cidr 10.244.0.0/16 -o none
    ;;
  autoscaler-*)
    # As many nodes as there are, no more and no fewer.
    az aks nodepool update -g $RG --cluster-name aks-mill -n work --disable-cluster-autoscaler -o none
    ;;
  surge-*) ;;
  *)
    # One node of the pool moves out for good: what it held is room for the surge.
    az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-overflow --address-prefixes 10.50.16.0/25 \
      --network-security-group nsg-mill -o none
    az aks nodepool add -g $RG --cluster-name aks-mill -n overflow --node-count 1 --max-pods 30 --max-surge 1 -o none \
      --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name vnet-mill -n snet-overflow --query id -o tsv)"
    az aks nodepool scale -g $RG --cluster-name aks-mill -n work --node-count $((COUNT - 1)) -o none
    ;;
esac
# A number of nodes, the fewest that a surge has; the pool keeps it.
az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --max-surge 1 --yes -o none
