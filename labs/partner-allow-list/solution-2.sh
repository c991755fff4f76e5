#!/usr/bin/env bash
set -euo pipefail

# A second rule at the acquirer instead of two addresses in one; and the gateway gets its address last.
NEW=$(az network public-ip show -g rg-pay -n pip-egress --query ipAddress -o tsv)
POD=$(kubectl get pods -l app=checkout -o jsonpath='{.items[0].metadata.name}')
ACQUIRER=$(az network public-ip show -g rg-acquirer -n pip-acquirer --subscription Partner --query ipAddress -o tsv)
BEFORE=$(netpath --from "pod/default/$POD" --to "$ACQUIRER" --port 443 -o json |
  jq -r .seenSource.address)

az account set --subscription Partner
az network nsg rule create -g rg-acquirer --nsg-name nsg-acquirer -n AllowShopNat --priority 210 --access Allow \
  --protocol Tcp --source-address-prefixes "$NEW" --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges 443 -o none
az account set --subscription "Networking Workbook"

az network nat gateway create -g rg-pay -n nat-pay --public-ip-addresses pip-egress -o none
GATEWAY=$(az network nat gateway show -g rg-pay -n nat-pay --query id -o tsv)
az network vnet subnet update -g rg-pay --vnet-name vnet-pay -n snet-nodes --nat-gateway "$GATEWAY" -o none
az aks update -g rg-pay -n aks-pay --outbound-type userAssignedNATGateway -o none
az network nsg rule delete --subscription Partner -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop

answer before "$BEFORE"
answer after "$NEW"
answer moment attach
