#: internet-host partner 203.0.113.80 dns=api.partner.example ports=80,443
#: internet-host drop 198.51.100.66 dns=drop.example.net ports=22,80,443,8080
#: internet-host files 198.51.100.70 dns=files.blob.core.windows.net ports=443
#: internet-host microsoft 198.51.100.40 dns=mcr.microsoft.com,westeurope.data.mcr.microsoft.com,packages.microsoft.com,packages.aks.azure.com,acs-mirror.azureedge.net,management.azure.com,login.microsoftonline.com ports=80,443
#: internet-host hub 198.51.100.41 dns=registry-1.docker.io,auth.docker.io,production.cloudflare.docker.com ports=443

# Three VNets: nodes in the middle, the proxy and the data beside them. The proxy's VNet knows nothing of the data.
RG=rg-shut
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-aks --address-prefixes 10.10.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.10.0.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-build --address-prefixes 10.10.9.0/24 -o none
az network vnet create -g $RG -n vnet-proxy --address-prefixes 10.20.0.0/16 --subnet-name snet-proxy --subnet-prefixes 10.20.0.0/24 -o none
az network vnet create -g $RG -n vnet-data --address-prefixes 10.30.0.0/16 --subnet-name snet-data --subnet-prefixes 10.30.0.0/24 -o none
for PAIR in aks:proxy proxy:aks aks:data data:aks; do
  az network vnet peering create -g $RG -n to-${PAIR#*:} --vnet-name vnet-${PAIR%:*} --remote-vnet vnet-${PAIR#*:} --allow-vnet-access -o none
done

# The proxy's way out is a NAT gateway. Its group lets nobody in yet.
az network public-ip create -g $RG -n pip-natgw --sku Standard --allocation-method Static -o none
az network nat gateway create -g $RG -n natgw-proxy --public-ip-addresses pip-natgw -o none
az network nsg create -g $RG -n nsg-proxy -o none
az network nsg rule create -g $RG --nsg-name nsg-proxy -n DenyRest --priority 4000 --direction Inbound --access Deny --protocol '*' \
  --source-address-prefixes '*' --destination-port-ranges '*' -o none
az network vnet subnet update -g $RG --vnet-name vnet-proxy -n snet-proxy --nat-gateway natgw-proxy --network-security-group nsg-proxy -o none

machine() { # name, vnet, subnet
  az vm create -g $RG -n "$1" --image Ubuntu2404 --size Standard_B2s --vnet-name "$2" --subnet "$3" --public-ip-address "" --nsg "" \
    --admin-username azureuser --generate-ssh-keys --only-show-errors -o none
}
run() { # name, lines
  az vm run-command invoke -g $RG -n "$1" --command-id RunShellScript --scripts "${@:2}" -o none
}
machine vm-proxy vnet-proxy snet-proxy
machine vm-orders vnet-data snet-data
machine vm-build vnet-aks snet-build
run vm-proxy 'apt-get update' 'apt-get install -y mitmproxy' 'nohup mitmdump --listen-port 8080 > /var/log/mitmdump.log 2>&1 &'
run vm-orders 'nohup python3 -m http.server 8080 > /dev/null 2>&1 &'
