#: seed hub-and-spoke
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#: on-premises-host erp 192.168.1.10 prefix=192.168.0.0/16 vnet=vnet-hub ports=80
#
# A hub with two VMs and three spokes with one each: vnet-blue and vnet-red talk by way of vm-nva in the hub,
# vnet-blue uses the hub's gateway, vnet-green is peered with the hub and nothing else.
az group create --name rg-net --location westeurope --output none
az network vnet create --resource-group rg-net --name vnet-hub --address-prefixes 10.0.0.0/16 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-hub --name snet-nva --address-prefixes 10.0.0.0/24 --default-outbound-access true --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-hub --name snet-shared --address-prefixes 10.0.1.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-net --name vnet-blue --address-prefixes 10.1.0.0/16 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-blue --name snet-app --address-prefixes 10.1.0.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-net --name vnet-red --address-prefixes 10.2.0.0/16 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-red --name snet-app --address-prefixes 10.2.0.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-net --name vnet-green --address-prefixes 10.3.0.0/16 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-green --name snet-app --address-prefixes 10.3.0.0/24 --default-outbound-access true --output none

for spoke in blue red green; do
  az network vnet peering create --resource-group rg-net --vnet-name vnet-hub --name to-$spoke --remote-vnet vnet-$spoke --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit --output none
done
az network vnet peering create --resource-group rg-net --vnet-name vnet-blue --name to-hub --remote-vnet vnet-hub --allow-vnet-access --allow-forwarded-traffic --use-remote-gateways --output none
az network vnet peering create --resource-group rg-net --vnet-name vnet-red --name to-hub --remote-vnet vnet-hub --allow-vnet-access --allow-forwarded-traffic --output none
az network vnet peering create --resource-group rg-net --vnet-name vnet-green --name to-hub --remote-vnet vnet-hub --allow-vnet-access --output none

for place in "vm-nva vnet-hub snet-nva" "vm-shared vnet-hub snet-shared" "vm-blue vnet-blue snet-app" "vm-red vnet-red snet-app" "vm-green vnet-green snet-app"; do
  set -- $place
  az vm create --resource-group rg-net --name $1 --image Ubuntu2204 --vnet-name $2 --subnet $3 --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
  az vm run-command invoke --resource-group rg-net --name $1 --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done

# The appliance forwards: in Azure, and in its own kernel.
az network nic update --resource-group rg-net --name vm-nvaVMNic --ip-forwarding true --output none
az vm run-command invoke --resource-group rg-net --name vm-nva --command-id RunShellScript --scripts 'sysctl -w net.ipv4.ip_forward=1' --output none

for route in "blue 10.2.0.0/16 to-red" "red 10.1.0.0/16 to-blue"; do
  set -- $route
  az network route-table create --resource-group rg-net --name rt-$1 --output none
  az network route-table route create --resource-group rg-net --route-table-name rt-$1 --name $3 --address-prefix $2 --next-hop-type VirtualAppliance --next-hop-ip-address 10.0.0.4 --output none
  az network vnet subnet update --resource-group rg-net --vnet-name vnet-$1 --name snet-app --route-table rt-$1 --output none
done
