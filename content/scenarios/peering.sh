#: seed peering
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#
# Three networks that know nothing of each other yet, with a machine in each: a shop, its data, and a laboratory. The
# data's subnet has a security group with nothing but Azure's default rules.
az group create --name rg-net --location westeurope --output none
for place in shop:10.1 data:10.2 lab:10.3; do
  az network vnet create --resource-group rg-net --name vnet-${place%:*} --address-prefixes ${place#*:}.0.0/16 \
    --subnet-name snet-app --subnet-prefixes ${place#*:}.0.0/24 --output none
  az vm create --resource-group rg-net --name vm-${place%:*} --image Ubuntu2204 --vnet-name vnet-${place%:*} --subnet snet-app \
    --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
  az vm run-command invoke --resource-group rg-net --name vm-${place%:*} --command-id RunShellScript \
    --scripts 'apt-get install -y nginx' --output none
done
az network nsg create --resource-group rg-net --name nsg-data --output none
az network vnet subnet update --resource-group rg-net --vnet-name vnet-data --name snet-app --network-security-group nsg-data --output none
