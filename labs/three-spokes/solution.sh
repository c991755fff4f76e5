#!/usr/bin/env bash
# Links, then routes for both directions, then one rule for each call of the list.
set -euo pipefail

RG=rg-works
FIREWALL=$(az network firewall show -g $RG -n fw-hub --query 'ipConfigurations[0].privateIPAddress' -o tsv)

for SPOKE in web data dev; do
  az network vnet peering create -g $RG --vnet-name vnet-hub -n to-$SPOKE --remote-vnet vnet-$SPOKE \
    --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit -o none
  az network vnet peering create -g $RG --vnet-name vnet-$SPOKE -n to-hub --remote-vnet vnet-hub \
    --allow-vnet-access --allow-forwarded-traffic --use-remote-gateways -o none
done

# Spokes: everything goes to the firewall, also what the gateway would have announced.
az network route-table create -g $RG -n rt-spokes --disable-bgp-route-propagation true -o none
az network route-table route create -g $RG --route-table-name rt-spokes -n all \
  --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
for SPOKE in web data dev; do
  az network vnet subnet update -g $RG --vnet-name vnet-$SPOKE -n snet-$SPOKE --route-table rt-spokes -o none
done

# What comes in from on-premises: each spoke by way of the firewall.
az network route-table create -g $RG -n rt-gateway -o none
for SPOKE in web:10.1 data:10.2 dev:10.3; do
  az network route-table route create -g $RG --route-table-name rt-gateway -n ${SPOKE%:*} \
    --address-prefix ${SPOKE#*:}.0.0/16 --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
done
az network vnet subnet update -g $RG --vnet-name vnet-hub -n GatewaySubnet --route-table rt-gateway -o none

allow() { # name, from, to, port
  az network firewall network-rule create -g $RG --firewall-name fw-hub --collection-name spokes -n "$1" \
    --protocols TCP --source-addresses "$2" --destination-addresses "$3" --destination-ports "$4" \
    ${FIRST:+--action Allow --priority 200} -o none
  FIRST=
}
FIRST=yes
allow web-to-data 10.1.0.0/24 10.2.0.0/24 80
allow dev-to-web 10.3.0.0/24 10.1.0.0/24 80
allow desk-to-dev 192.168.20.10 10.3.0.0/24 22
allow web-to-ledger 10.1.0.0/24 192.168.20.30 443
