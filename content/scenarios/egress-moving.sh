#: from egress-world TYPE=loadBalancer
#
# The cluster behind its load balancer, and a bank in a subscription of its own. The bank's machine takes TCP 443 from
# one address: the one that the cluster leaves with today. bank and group name the machine's address and its group.
EGRESS=$(az aks show --resource-group rg-out --name aks-out --query "networkProfile.loadBalancerProfile.effectiveOutboundIPs[0].id" --output tsv)
OLD=$(az network public-ip show --ids "$EGRESS" --query ipAddress --output tsv)
az account set --subscription Partner
az group create --name rg-bank --location westeurope --output none
az network vnet create --resource-group rg-bank --name vnet-bank --address-prefixes 10.9.0.0/16 --subnet-name snet-api --subnet-prefixes 10.9.0.0/24 --output none
az network nsg create --resource-group rg-bank --name nsg-bank --output none
az network nsg rule create --resource-group rg-bank --nsg-name nsg-bank --name AllowCustomer --priority 200 --access Allow --protocol Tcp --source-address-prefixes "$OLD/32" --destination-port-ranges 443 --output none
az network public-ip create --resource-group rg-bank --name pip-bank --sku Standard --allocation-method Static --output none
az vm create --resource-group rg-bank --name vm-bank --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-api --public-ip-address pip-bank --nsg nsg-bank --generate-ssh-keys --only-show-errors --output none
az vm run-command invoke --resource-group rg-bank --name vm-bank --command-id RunShellScript --scripts 'nohup python3 -m http.server 443 >/dev/null 2>&1 &' --output none
az account set --subscription "Networking Workbook"
