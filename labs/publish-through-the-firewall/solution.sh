#!/usr/bin/env bash
# Internal load balancers, and the firewall translates to them: one way in and out.
set -euo pipefail

RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing

answer arrives yes
answer lost-at fw-shop

for APP in shop admin; do
  kubectl annotate service $APP service.beta.kubernetes.io/azure-load-balancer-internal=true \
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet=snet-internal
done
PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)
inside() { kubectl get service "$1" -o jsonpath='{.status.loadBalancer.ingress[0].ip}'; }

az network firewall nat-rule create -g $RG --firewall-name fw-shop --collection-name publish -n shop --action Dnat --priority 100 \
  --protocols TCP --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 80 \
  --translated-address "$(inside shop)" --translated-port 80 -o none
az network firewall nat-rule create -g $RG --firewall-name fw-shop --collection-name publish -n admin \
  --protocols TCP --source-addresses 198.51.100.0/24 --destination-addresses "$PUBLIC" --destination-ports 8080 \
  --translated-address "$(inside admin)" --translated-port 80 -o none
