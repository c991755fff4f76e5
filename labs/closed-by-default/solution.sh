#!/usr/bin/env bash
# Network, firewall, route, rules, and only then the cluster: it needs its way out before it is born.
set -euo pipefail

RG=rg-vault
az network vnet create -g $RG -n vnet-vault --address-prefixes 10.42.0.0/16 -o none
az network vnet subnet create -g $RG --vnet-name vnet-vault -n snet-nodes --address-prefixes 10.42.1.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-vault -n AzureFirewallSubnet --address-prefixes 10.42.2.0/26 -o none

az network public-ip create -g $RG -n pip-fw --sku Standard -o none
az network firewall create -g $RG -n fw-vault -o none
az network firewall ip-config create -g $RG --firewall-name fw-vault -n main --public-ip-address pip-fw --vnet-name vnet-vault -o none
FIREWALL=$(az network firewall show -g $RG -n fw-vault --query 'ipConfigurations[0].privateIPAddress' -o tsv)

az network route-table create -g $RG -n rt-nodes -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n all --address-prefix 0.0.0.0/0 \
  --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
az network vnet subnet update -g $RG --vnet-name vnet-vault -n snet-nodes --route-table rt-nodes -o none

allow() { # name, protocols, what
  az network firewall application-rule create -g $RG --firewall-name fw-vault --collection-name names -n "$1" \
    ${FIRST:+--action Allow --priority 200} --source-addresses 10.42.1.0/24 --protocols $2 "${@:3}" -o none
  FIRST=
}
FIRST=yes
allow aks "Http=80 Https=443" --fqdn-tags AzureKubernetesService
allow images Https=443 --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com
allow api Https=443 --target-fqdns api.example.com

SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-vault -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-vault --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --outbound-type userDefinedRouting --vnet-subnet-id "$SUBNET" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-vault --overwrite-existing
kubectl create deployment web --image=nginx --replicas=2
sleep 60
