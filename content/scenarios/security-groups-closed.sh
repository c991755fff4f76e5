#: from security-groups-pools
#
# Both groups deny what comes in, and allow what the cluster needs.
for group in nsg-nodes nsg-users; do
  az network nsg rule create --resource-group rg-shop --nsg-name $group --name AllowCluster --priority 200 --protocol '*' --source-address-prefixes 10.40.0.0/24 10.40.3.0/24 10.244.0.0/16 --destination-address-prefixes 10.40.0.0/24 10.40.3.0/24 10.244.0.0/16 --destination-port-ranges '*' --output none
  az network nsg rule create --resource-group rg-shop --nsg-name $group --name AllowProbes --priority 300 --protocol Tcp --source-address-prefixes AzureLoadBalancer --destination-address-prefixes 10.40.0.0/24 10.40.3.0/24 --destination-port-ranges 30000-32767 --output none
  az network nsg rule create --resource-group rg-shop --nsg-name $group --name AllowWeb --priority 310 --protocol Tcp --source-address-prefixes Internet --destination-address-prefixes 198.51.100.136 --destination-port-ranges 80 --output none
  az network nsg rule create --resource-group rg-shop --nsg-name $group --name DenyAll --priority 4000 --access Deny --protocol '*' --destination-port-ranges '*' --output none
done
