# caught-by: never-fewer
# seeds: amber, birch, cedar, dune
# Needs no address, and takes a node away while it runs.
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

az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --max-surge 0 --max-unavailable 1 --yes -o none
