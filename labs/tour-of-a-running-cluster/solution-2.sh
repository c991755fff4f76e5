#!/usr/bin/env bash
# The same answers from netpath and jsonpath, without calling anybody.
set -e
az aks get-credentials -g rg-tour -n aks-tour --overwrite-existing

NODE=$(kubectl get nodes -o jsonpath='{range .items[*]}{.spec.podCIDR} {.metadata.name}{"\n"}{end}' | grep '\.1\.0/24' | cut -d' ' -f2)
COUNT=$(kubectl get nodes -o jsonpath='{.items[*].metadata.name}' | wc -w)
RANGE=$(kubectl get node $NODE -o jsonpath='{.spec.podCIDR}')
answer range-holder node/$NODE
answer next-range ${RANGE%.1.0/24}.$((COUNT)).0/24

answer bridge-address ${RANGE%.0/24}.1
answer neighbour-mac 12:34:56:78:9A:BC
answer node-address-pods $(kubectl get pods -A -o json | jq "[.items[] | select(.spec.nodeName == \"$NODE\" and .spec.hostNetwork)] | length")
answer why-node-address hostnetwork

ROUTE=$(az network route-table show -g rg-tour -n rt-tour -o json | jq -r ".routes[] | select(.addressPrefix == \"$RANGE\") | .name + \" \" + .nextHopIpAddress")
answer route-name ${ROUTE% *}
answer next-hop ${ROUTE#* }

FIRST=$(kubectl get nodes -o jsonpath='{range .items[*]}{.spec.podCIDR} {.metadata.name}{"\n"}{end}' | grep '\.0\.0/24' | cut -d' ' -f2)
pods_on() { kubectl get pods -l app=web --field-selector spec.nodeName=$1 -o jsonpath='{.items[*].metadata.name}' | tr ' ' '\n' | sort; }
CALLER=$(pods_on $FIRST | head -1)
POD=$(pods_on $NODE | head -1)
seen() { netpath --from pod/$1 --to $2 --port 80 -o json | jq -r .seenSource.address; }
answer pod-sees $(seen $CALLER pod/$POD)
answer vm-sees $(seen $POD vm/vm-shop)
answer branch-sees $(seen $POD host/branch)
answer internet-sees $(seen $POD http://ifconfig.me)
