#!/usr/bin/env bash
set -euo pipefail

PARTNER='--subscription Partner --resource-group rg-acquirer --nsg-name nsg-acquirer'
OLD=$(az network nsg rule show $PARTNER --name AllowShop --query sourceAddressPrefix --output tsv)
NEW=$(az network public-ip show --resource-group rg-pay --name pip-egress --query ipAddress --output tsv)
answer before "${OLD%/32}"
answer after "$NEW"
answer moment attach

# A gateway that is on no subnet changes nothing yet.
az network nat gateway create --resource-group rg-pay --name nat-pay --public-ip-addresses pip-egress \
  --idle-timeout 10 --output none

# Both addresses, before either can be missed.
az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$OLD" "$NEW/32" --output none

# From here on new connections leave by the gateway.
az network vnet subnet update --resource-group rg-pay --vnet-name vnet-pay --name snet-nodes --nat-gateway nat-pay \
  --output none

# AKS takes its outbound rule and the old address away.
az aks update --resource-group rg-pay --name aks-pay --outbound-type userAssignedNATGateway --output none

az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$NEW/32" --output none
