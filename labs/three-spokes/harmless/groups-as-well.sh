# A security group on the data besides, which lets in what the list says.
# like: solution.sh
az network nsg create -g rg-works -n nsg-data -o none
az network nsg rule create -g rg-works --nsg-name nsg-data -n web --priority 200 --access Allow --protocol Tcp --source-address-prefixes 10.1.0.0/24 --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 80 -o none
az network vnet subnet update -g rg-works --vnet-name vnet-data -n snet-data --network-security-group nsg-data -o none
