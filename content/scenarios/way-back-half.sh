#: from firewall-built
#
# Everything between vnet-app and on-premises or the hub shall pass the firewall, and only the spoke's side is done:
# vnet-app takes no learned routes, and it has a route for the hub's subnet. The firewall allows all of it. A subnet for
# the gateway is there, without a route table.
az network route-table update --resource-group rg-net --name rt-app --disable-bgp-route-propagation true --output none
az network route-table route create --resource-group rg-net --route-table-name rt-app --name shared --address-prefix 10.0.2.0/24 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.1.4 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-hub --name GatewaySubnet --address-prefixes 10.0.0.0/27 --output none
az network firewall policy rule-collection-group collection add-filter-collection --resource-group rg-net --policy-name policy-hub --rcg-name group-main --name home --collection-priority 150 --action Allow --rule-name both --rule-type NetworkRule --source-addresses 10.1.0.0/16 10.0.2.0/24 192.168.1.0/24 --destination-addresses 10.1.0.0/16 10.0.2.0/24 192.168.1.0/24 --destination-ports '*' --ip-protocols Any --output none
