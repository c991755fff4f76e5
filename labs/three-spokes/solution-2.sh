#!/usr/bin/env bash
# Another way: a policy on the firewall, and routes for single ranges in place of a default route.
set -euo pipefail

RG=rg-works
FIREWALL=$(az network firewall show -g $RG -n fw-hub --query 'ipConfigurations[0].privateIPAddress' -o tsv)

az network firewall policy create -g $RG -n pol-works -o none
az network firewall policy rule-collection-group create -g $RG --policy-name pol-works -n spokes --priority 300 -o none
az network firewall policy rule-collection-group collection add-filter-collection -g $RG --policy-name pol-works --rcg-name spokes \
  -n calls --collection-priority 100 --action Allow --rule-type NetworkRule --rule-name web-to-data \
  --source-addresses 10.1.0.4 --destination-addresses 10.2.0.4 --destination-ports 80 --ip-protocols TCP -o none
rule() {
  az network firewall policy rule-collection-group collection rule add -g $RG --policy-name pol-works --rcg-name spokes \
    --collection-name calls --rule-type NetworkRule -n "$1" --source-addresses "$2" --destination-addresses "$3" \
    --destination-ports "$4" --ip-protocols TCP -o none
}
rule dev-to-web 10.3.0.4 10.1.0.4 80
rule desk-to-dev 192.168.20.10 10.3.0.4 22
rule web-to-ledger 10.1.0.4 192.168.20.30 443
az network firewall update -g $RG -n fw-hub --firewall-policy pol-works -o none

via() { # table, range
  az network route-table route create -g $RG --route-table-name "$1" -n "to-${2//[.\/]/-}" --address-prefix "$2" \
    --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
}
az network route-table create -g $RG -n rt-gateway -o none
for SPOKE in web:10.1 data:10.2 dev:10.3; do
  IFS=: read -r NAME RANGE <<< "$SPOKE"
  az network vnet peering create -g $RG --vnet-name vnet-$NAME -n hub --remote-vnet vnet-hub \
    --allow-vnet-access --allow-forwarded-traffic -o none
  az network vnet peering create -g $RG --vnet-name vnet-hub -n $NAME --remote-vnet vnet-$NAME \
    --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit -o none
  az network vnet peering update -g $RG --vnet-name vnet-$NAME -n hub --set useRemoteGateways=true -o none
  via rt-gateway $RANGE.0.0/16
  # 192.168.20.0/24 is as long as the learned route, and the user's wins.
  az network route-table create -g $RG -n rt-$NAME -o none
  for OTHER in 10.1 10.2 10.3; do
    if [ $OTHER != $RANGE ]; then via rt-$NAME $OTHER.0.0/16; fi
  done
  via rt-$NAME 192.168.20.0/24
  az network vnet subnet update -g $RG --vnet-name vnet-$NAME -n snet-$NAME --route-table rt-$NAME -o none
done
az network vnet subnet update -g $RG --vnet-name vnet-hub -n GatewaySubnet --route-table rt-gateway -o none
