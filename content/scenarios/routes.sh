#: seed routes
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#: on-premises-host erp 10.10.0.10 prefix=10.10.0.0/16 vnet=vnet-app ports=80
#
# The example of Azure's own page on routes, as something to call: a VNet with a peer of two ranges, a private connection
# to on-premises, and an appliance that forwards. No route table is on any subnet yet; rt-app is there and empty.
az group create --name rg-net --location westeurope --output none
az network vnet create --resource-group rg-net --name vnet-app --address-prefixes 10.0.0.0/16 --output none
for subnet in snet-app:10.0.0.0/24 snet-side:10.0.1.0/24 snet-nva:10.0.100.0/24; do
  az network vnet subnet create --resource-group rg-net --vnet-name vnet-app --name ${subnet%%:*} --address-prefixes ${subnet#*:} \
    --default-outbound-access true --output none
done
az network vnet create --resource-group rg-net --name vnet-peer --address-prefixes 10.1.0.0/16 10.2.0.0/16 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-peer --name snet-peer --address-prefixes 10.1.0.0/24 --default-outbound-access true --output none
for pair in app:peer peer:app; do
  az network vnet peering create --resource-group rg-net --vnet-name vnet-${pair%:*} --name ${pair/:/-to-} --remote-vnet vnet-${pair#*:} \
    --allow-vnet-access --allow-forwarded-traffic --output none
done
for place in app:vnet-app:snet-app side:vnet-app:snet-side nva:vnet-app:snet-nva peer:vnet-peer:snet-peer; do
  IFS=: read -r NAME NETWORK SUBNET <<< "$place"
  az vm create --resource-group rg-net --name vm-$NAME --image Ubuntu2204 --vnet-name $NETWORK --subnet $SUBNET --public-ip-address "" \
    --nsg "" --generate-ssh-keys --only-show-errors --output none
  az vm run-command invoke --resource-group rg-net --name vm-$NAME --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done
# The appliance forwards, in Azure and in its own kernel, and puts its address in towards the internet.
az network nic update --resource-group rg-net --name vm-nvaVMNic --ip-forwarding true --output none
az vm run-command invoke --resource-group rg-net --name vm-nva --command-id RunShellScript \
  --scripts 'sysctl -w net.ipv4.ip_forward=1' 'iptables -t nat -A POSTROUTING -j MASQUERADE' --output none
az network route-table create --resource-group rg-net --name rt-app --output none
