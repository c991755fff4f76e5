#: seed firewall-build
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host example 203.0.113.80 dns=example.com,www.example.com ports=80,443
#: internet-host partner 203.0.113.85 dns=partner.example.net ports=443,8443
#: on-premises-host erp 192.168.1.10 prefix=192.168.1.0/24 vnet=vnet-hub ports=80
#
# A hub with one VM and a gateway to on-premises, and two spokes: vnet-app with two subnets, vnet-data with one. Both
# are peered with the hub, vnet-app uses its gateway. No firewall yet and no route table. With BUILT=yes there is a
# firewall with a policy, the spokes' default routes lead to it, and it lets through what the rules below say.
BUILT=${BUILT:-no}

az extension add --name azure-firewall
az group create --name rg-net --location westeurope --output none
az network vnet create --resource-group rg-net --name vnet-hub --address-prefixes 10.0.0.0/16 --subnet-name snet-shared --subnet-prefixes 10.0.2.0/24 --output none
az network vnet create --resource-group rg-net --name vnet-app --address-prefixes 10.1.0.0/16 --subnet-name snet-app --subnet-prefixes 10.1.0.0/24 --output none
az network vnet subnet create --resource-group rg-net --vnet-name vnet-app --name snet-db --address-prefixes 10.1.1.0/24 --output none
az network vnet subnet update --resource-group rg-net --vnet-name vnet-app --name snet-app --default-outbound-access true --output none
az network vnet create --resource-group rg-net --name vnet-data --address-prefixes 10.2.0.0/16 --subnet-name snet-data --subnet-prefixes 10.2.0.0/24 --output none
for spoke in app data; do
  az network vnet peering create --resource-group rg-net --vnet-name vnet-hub --name to-$spoke --remote-vnet vnet-$spoke --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit --output none
  az network vnet peering create --resource-group rg-net --vnet-name vnet-$spoke --name to-hub --remote-vnet vnet-hub --allow-vnet-access --allow-forwarded-traffic $([ $spoke = app ] && echo --use-remote-gateways) --output none
done
for place in "vm-shared vnet-hub snet-shared" "vm-app vnet-app snet-app" "vm-db vnet-app snet-db" "vm-data vnet-data snet-data"; do
  set -- $place
  az vm create --resource-group rg-net --name $1 --image Ubuntu2204 --vnet-name $2 --subnet $3 --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
  az vm run-command invoke --resource-group rg-net --name $1 --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done

if [ $BUILT = yes ]; then
  az network vnet subnet create --resource-group rg-net --vnet-name vnet-hub --name AzureFirewallSubnet --address-prefixes 10.0.1.0/26 --output none
  az network public-ip create --resource-group rg-net --name pip-fw --sku Standard --output none
  az network firewall policy create --resource-group rg-net --name policy-hub --enable-dns-proxy true --output none
  az network firewall create --resource-group rg-net --name fw-hub --firewall-policy policy-hub --output none
  az network firewall ip-config create --resource-group rg-net --firewall-name fw-hub --name main --public-ip-address pip-fw --vnet-name vnet-hub --output none
  FIREWALL=$(az network firewall show --resource-group rg-net --name fw-hub --query 'ipConfigurations[0].privateIPAddress' --output tsv)
  for spoke in app data; do
    az network route-table create --resource-group rg-net --name rt-$spoke --output none
    az network route-table route create --resource-group rg-net --route-table-name rt-$spoke --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" --output none
    az network vnet subnet update --resource-group rg-net --vnet-name vnet-$spoke --name snet-$spoke --route-table rt-$spoke --output none
  done
  az network firewall policy rule-collection-group create --resource-group rg-net --policy-name policy-hub --name group-main --priority 200 --output none
  main="--resource-group rg-net --policy-name policy-hub --rcg-name group-main"
  az network firewall policy rule-collection-group collection add-filter-collection $main --name spokes --collection-priority 200 --action Allow --rule-name open --rule-type NetworkRule --source-addresses 10.1.0.0/16 --destination-addresses 10.2.0.0/16 203.0.113.85 --destination-ports 22 8443 --ip-protocols TCP --output none
  az network firewall policy rule-collection-group collection add-filter-collection $main --name web --collection-priority 300 --action Allow --rule-name pages --rule-type ApplicationRule --source-addresses 10.1.0.0/16 --target-fqdns example.com data.contoso.com --protocols Http=80 Https=443 --output none
fi
