#: from load-balancer-world
#
# vm-tools serves pages, and its subnet has one group with rules that many hands have written.
az vm run-command invoke --resource-group rg-shop --name vm-tools --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
az network nsg create --resource-group rg-shop --name nsg-tools --output none
rule() { az network nsg rule create --resource-group rg-shop --nsg-name nsg-tools --name "$1" --priority "$2" --access "$3" --protocol "$4" --source-address-prefixes "$5" --destination-port-ranges "$6" --output none; }
rule AllowOfficeWeb 100 Allow Tcp 10.50.0.0/16 80
rule DenyOfficeVm 200 Deny '*' 10.50.0.4 '*'
rule AllowBranchSsh 300 Allow Tcp 192.168.10.0/24 22
rule DenyAll 4096 Deny '*' '*' '*'
az network vnet subnet update --resource-group rg-shop --vnet-name vnet-shop --name snet-tools --network-security-group nsg-tools --output none
