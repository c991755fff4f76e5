#!/usr/bin/env bash
# Reads the error, answers, and mends what it was because of.
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

# Another home for the pool, behind the same NSG.
another_home() {
  az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-work-2 --address-prefixes 10.50.16.0/24 \
    --network-security-group nsg-mill -o none
  az aks nodepool add -g $RG --cluster-name aks-mill -n work2 --node-count "$COUNT" --max-pods 30 -o none \
    --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name vnet-mill -n snet-work-2 --query id -o tsv)"
  for NODE in $(kubectl get nodes -l agentpool=work -o name); do
    kubectl drain "$NODE" --ignore-daemonsets --delete-emptydir-data > /dev/null
  done
  az aks nodepool delete -g $RG --cluster-name aks-mill -n work -o none
}

case $CAUSE-$SUBNET in
  *-networkProfile.podCIDR)
    az aks update -g $RG -n aks-mill --pod-cidr 10.244.0.0/20 -o none
    ;;
  surge-*)
    az aks nodepool update -g $RG --cluster-name aks-mill -n work --max-surge 33% -o none
    ;;
  autoscaler-*)
    az aks nodepool update -g $RG --cluster-name aks-mill -n work --update-cluster-autoscaler \
      --min-count 3 --max-count 3 -o none
    ;;
  *)
    another_home
    exit 0
    ;;
esac
az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none
