#: seed egress
#: clock 2026-10-05T09:00:00Z frozen
#: internet-host partner 203.0.113.80 ports=80,443
#
# A network of one's own with four subnets, before any cluster: one with nothing on it, one with a NAT gateway, one
# whose default route leads to the internet, one whose default route leads to an appliance. The files named after them
# hold their ids.
az group create --name rg-out --location westeurope --output none
az network public-ip create --resource-group rg-out --name pip-natgw --sku Standard --allocation-method Static --output none
az network nat gateway create --resource-group rg-out --name natgw-out --public-ip-addresses pip-natgw --idle-timeout 4 --output none
for table in rt-internet:Internet: rt-appliance:VirtualAppliance:10.60.9.4; do
  IFS=: read -r name type hop <<< "$table"
  az network route-table create --resource-group rg-out --name "$name" --output none
  az network route-table route create --resource-group rg-out --route-table-name "$name" --name default --address-prefix 0.0.0.0/0 --next-hop-type "$type" ${hop:+--next-hop-ip-address $hop} --output none
done
az network vnet create --resource-group rg-out --name vnet-out --address-prefixes 10.60.0.0/16 --output none
az network vnet subnet create --resource-group rg-out --vnet-name vnet-out --name snet-plain --address-prefixes 10.60.0.0/24 --output none
az network vnet subnet create --resource-group rg-out --vnet-name vnet-out --name snet-gateway --address-prefixes 10.60.1.0/24 --nat-gateway natgw-out --output none
az network vnet subnet create --resource-group rg-out --vnet-name vnet-out --name snet-internet --address-prefixes 10.60.2.0/24 --route-table rt-internet --output none
az network vnet subnet create --resource-group rg-out --vnet-name vnet-out --name snet-appliance --address-prefixes 10.60.3.0/24 --route-table rt-appliance --output none
for name in plain gateway internet appliance; do
  az network vnet subnet show --resource-group rg-out --vnet-name vnet-out --name "snet-$name" --query id --output tsv > "$name"
done
