#!/usr/bin/env bash
# One ticket after the other: ask, read what decides, write it down, mend it.
set -euo pipefail

RG=rg-company
az aks get-credentials -g $RG -n aks-data --overwrite-existing
STOCK=$(kubectl get pods -l app=stock -o name | head -n 1)
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
WEB=$(kubectl get pods -l app=web -o name | head -n 1)
PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)

why() { netpath "$@" -o json | jq -r '"\(.disposition): \(.reason)"' || true; }
rule() { az network firewall policy rule-collection-group collection rule update -g $RG --policy-name pol-company "$@" -o none; }

case "$(why --from host/customer --to "$PUBLIC" --port 80)" in
  *nsg-shop*)
    answer customers web-from-firewall
    az network nsg rule update -g $RG --nsg-name nsg-shop -n web-from-firewall --source-address-prefixes 10.0.1.0/26 -o none
    ;;
  *)
    answer customers shop-front
    rule --rcg-name publish --collection-name front -n shop-front --translated-address 10.10.1.10
    ;;
esac

case "$(why --from "$WEB" --to http://10.20.1.10)" in
  *nsg-data*)
    answer stock stock-from-shop
    az network nsg rule update -g $RG --nsg-name nsg-data -n stock-from-shop --source-address-prefixes 10.10.0.0/24 -o none
    ;;
  *)
    answer stock stock
    rule --rcg-name inside --collection-name calls -n stock --source-addresses 10.10.0.0/24
    ;;
esac

case "$(why --from host/desk --to http://10.20.1.11)" in
  no-route*)
    answer plant data-to-hub
    az network vnet peering update -g $RG --vnet-name vnet-data -n data-to-hub --set useRemoteGateways=true -o none
    ;;
  *)
    answer plant rt-gateway
    az network route-table route create -g $RG --route-table-name rt-gateway -n data --address-prefix 10.20.0.0/16 \
      --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
    ;;
esac

case "$(why --from "$WEB" --to http://10.10.2.4)" in
  *Pending*)
    answer ratings pe-ratings
    CONNECTION=$(az network private-link-service show -g rg-ratings -n pls-ratings --query 'privateEndpointConnections[0].name' -o tsv)
    az network private-link-service connection update -g rg-ratings --service-name pls-ratings -n "$CONNECTION" --connection-status Approved -o none
    ;;
  *)
    answer ratings probes
    az network nsg rule update -g rg-ratings --nsg-name nsg-ratings -n probes --source-address-prefixes AzureLoadBalancer -o none
    ;;
esac

case "$(why --from "$WEB" --to https://pay.example.com)" in
  *blocked-range*)
    answer payments blocked-range
    rule --rcg-name inside --collection-name never -n blocked-range --destination-addresses 198.51.100.66
    ;;
  *)
    answer payments payments
    rule --rcg-name outside --collection-name names -n payments --target-fqdns pay.example.com
    ;;
esac
