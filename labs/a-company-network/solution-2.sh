#!/usr/bin/env bash
# Another way: first every hypothesis, from what the configuration says; then repairs beside the broken objects.
set -euo pipefail

RG=rg-company
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)
policy() { az network firewall policy rule-collection-group "$@" -g $RG --policy-name pol-company; }
source_of() { az network nsg rule show -g "$1" --nsg-name "$2" -n "$3" --query 'sourceAddressPrefix' -o tsv; }

CUSTOMERS=shop-front STOCK=stock PLANT=rt-gateway RATINGS=pe-ratings PAYMENTS=payments
if [ "$(source_of $RG nsg-shop web-from-firewall)" = Internet ]; then CUSTOMERS=web-from-firewall; fi
if [ "$(source_of $RG nsg-data stock-from-shop)" = 10.0.1.0/26 ]; then STOCK=stock-from-shop; fi
if [ "$(source_of rg-ratings nsg-ratings probes)" = AzureCloud ]; then RATINGS=probes; fi
if az network route-table route show -g $RG --route-table-name rt-gateway -n data -o none 2> /dev/null; then PLANT=data-to-hub; fi
if policy show -n inside -o json | grep -q 198.51.100.64/29; then PAYMENTS=blocked-range; fi
answer customers $CUSTOMERS
answer stock $STOCK
answer plant $PLANT
answer ratings $RATINGS
answer payments $PAYMENTS

if [ $CUSTOMERS = web-from-firewall ]; then
  az network nsg rule create -g $RG --nsg-name nsg-shop -n front --priority 210 --direction Inbound --access Allow --protocol Tcp \
    --source-address-prefixes 10.0.1.4 --source-port-ranges '*' --destination-address-prefixes 10.10.1.10 --destination-port-ranges 80 -o none
else
  policy collection rule remove --rcg-name publish --collection-name front -n shop-front -o none
  policy collection rule add --rcg-name publish --collection-name front -n to-the-shop --rule-type NatRule \
    --ip-protocols TCP --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 80 \
    --translated-address 10.10.1.10 --translated-port 80 -o none
fi
if [ $STOCK = stock-from-shop ]; then
  az network nsg rule create -g $RG --nsg-name nsg-data -n shop --priority 220 --direction Inbound --access Allow --protocol Tcp \
    --source-address-prefixes 10.10.0.0/24 --source-port-ranges '*' --destination-address-prefixes 10.20.1.10 --destination-port-ranges 80 -o none
else
  policy collection rule add --rcg-name inside --collection-name calls -n shop-to-stock --rule-type NetworkRule --ip-protocols TCP \
    --source-addresses 10.10.0.0/24 --destination-addresses 10.20.1.10 --destination-ports 80 -o none
fi
if [ $PLANT = data-to-hub ]; then
  az network vnet peering update -g $RG --vnet-name vnet-data -n data-to-hub --set useRemoteGateways=true -o none
else
  for RANGE in 10.20.0.0/24 10.20.1.0/28 10.20.4.0/22; do # as long as the subnets are
    az network route-table route create -g $RG --route-table-name rt-gateway -n "data-${RANGE//[.\/]/-}" --address-prefix $RANGE \
      --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 -o none
  done
fi
if [ $RATINGS = probes ]; then
  az network nsg rule create -g rg-ratings --nsg-name nsg-ratings -n health --priority 120 --direction Inbound --access Allow --protocol Tcp \
    --source-address-prefixes AzureLoadBalancer --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 80 -o none
else
  az network private-endpoint-connection approve \
    --id "$(az network private-link-service show -g rg-ratings -n pls-ratings --query 'privateEndpointConnections[0].id' -o tsv)" -o none
fi
if [ $PAYMENTS = blocked-range ]; then
  policy collection remove --rcg-name inside -n never -o none
  policy collection add-filter-collection --rcg-name inside -n never --collection-priority 110 --action Deny --rule-type NetworkRule \
    --rule-name drop --ip-protocols Any --source-addresses '*' --destination-addresses 198.51.100.66/32 --destination-ports '*' -o none
else
  policy collection rule add --rcg-name outside --collection-name names -n pay --rule-type ApplicationRule \
    --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns pay.example.com -o none
fi
