#: from routes
#
# The route table of the documentation's example, on the subnet of vm-app.
for route in all:0.0.0.0/0 network:10.0.0.0/16 site:10.10.0.0/16; do
  az network route-table route create --resource-group rg-net --route-table-name rt-app --name ${route%%:*} --address-prefix ${route#*:} \
    --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.100.4 --output none
done
for route in peer-1:10.1.0.0/16:None peer-2:10.2.0.0/16:None within:10.0.0.0/24:VnetLocal; do
  IFS=: read -r NAME PREFIX HOP <<< "$route"
  az network route-table route create --resource-group rg-net --route-table-name rt-app --name $NAME --address-prefix $PREFIX --next-hop-type $HOP --output none
done
az network vnet subnet update --resource-group rg-net --vnet-name vnet-app --name snet-app --route-table rt-app --output none
