#!/usr/bin/env bash
# Another way: a hub and a spoke, a policy with three groups, and the AKS names written out.
set -euo pipefail

RG=rg-vault
az network vnet create -g $RG -n hub --address-prefixes 10.0.0.0/16 --subnet-name AzureFirewallSubnet --subnet-prefixes 10.0.1.0/26 -o none
az network vnet create -g $RG -n spoke --address-prefixes 10.1.0.0/16 --subnet-name nodes --subnet-prefixes 10.1.0.0/24 -o none
for PAIR in hub:spoke spoke:hub; do
  az network vnet peering create -g $RG --vnet-name ${PAIR%:*} -n to-${PAIR#*:} --remote-vnet ${PAIR#*:} \
    --allow-vnet-access --allow-forwarded-traffic -o none
done

az network firewall policy create -g $RG -n policy -o none
az network firewall policy rule-collection-group create -g $RG --policy-name policy -n application --priority 300 -o none
az network firewall policy rule-collection-group collection add-filter-collection -g $RG --policy-name policy --rcg-name application \
  -n names --collection-priority 100 --action Allow --rule-type ApplicationRule --rule-name aks --source-addresses 10.1.0.0/24 \
  --protocols Https=443 --target-fqdns '*.hcp.westeurope.azmk8s.io' mcr.microsoft.com '*.data.mcr.microsoft.com' mcr-0001.mcr-msedge.net \
  management.azure.com login.microsoftonline.com packages.microsoft.com acs-mirror.azureedge.net packages.aks.azure.com -o none
for RULE in "images registry-1.docker.io auth.docker.io production.cloudflare.docker.com" "api api.example.com"; do
  set -- $RULE
  az network firewall policy rule-collection-group collection rule add -g $RG --policy-name policy --rcg-name application \
    --collection-name names --rule-type ApplicationRule -n $1 --source-addresses 10.1.0.0/24 --protocols Https=443 --target-fqdns "${@:2}" -o none
done

az network public-ip create -g $RG -n pip --sku Standard -o none
az network firewall create -g $RG -n firewall --firewall-policy policy -o none
az network firewall ip-config create -g $RG --firewall-name firewall -n main --public-ip-address pip --vnet-name hub -o none
az network route-table create -g $RG -n routes -o none
az network route-table route create -g $RG --route-table-name routes -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance \
  --next-hop-ip-address "$(az network firewall show -g $RG -n firewall --query 'ipConfigurations[0].privateIPAddress' -o tsv)" -o none
az network vnet subnet update -g $RG --vnet-name spoke -n nodes --route-table routes -o none

az aks create -g $RG -n aks-vault --node-count 3 --network-plugin azure --network-plugin-mode overlay --outbound-type userDefinedRouting \
  --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name spoke -n nodes --query id -o tsv)" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-vault --overwrite-existing
kubectl create deployment web --image=nginx --replicas=3
kubectl rollout status deployment web
