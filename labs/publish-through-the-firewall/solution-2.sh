#!/usr/bin/env bash
# The Services keep their public addresses. What the firewall sent in, a route of one address sends back to it.
set -euo pipefail

RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing

answer arrives yes
answer lost-at fw-shop

PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)
az network route-table route create -g $RG --route-table-name rt-nodes -n firewall --address-prefix "$PUBLIC/32" \
  --next-hop-type Internet -o none
publish() { # name, sources, port
  az network firewall nat-rule create -g $RG --firewall-name fw-shop --collection-name publish -n "$1" ${FIRST:+--action Dnat --priority 100} \
    --protocols TCP --source-addresses "$2" --destination-addresses "$PUBLIC" --destination-ports "$3" \
    --translated-address "$(kubectl get service "$1" -o jsonpath='{.status.loadBalancer.ingress[0].ip}')" --translated-port 80 -o none
  FIRST=
}
FIRST=yes
publish shop '*' 80
publish admin 198.51.100.0/24 8080
