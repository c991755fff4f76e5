#!/usr/bin/env bash
# Two Services of aks-shop (rg-shop), published through the firewall fw-shop.
set -euo pipefail

RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing

# 1. A customer calls the EXTERNAL-IP of shop, port 80. How far does that come?
#    kubectl get service shop
#    netpath --from host/customer --to ADDRESS --port 80
# answer arrives yes|no
# answer lost-at NAME

# 2. Publish shop (80, for everybody) and admin (8080, for 198.51.100.0/24) at pip-fw.
PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)
