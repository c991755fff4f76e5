#: seed proxy-world
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host web 203.0.113.80 dns=example.com,www.example.com,ifconfig.me ports=80,443
#: internet-host partner 198.51.100.80 dns=api.partner.example ports=80,443,1433
#: internet-host microsoft 198.51.100.255 dns=mcr.microsoft.com,westeurope.data.mcr.microsoft.com,packages.microsoft.com,packages.aks.azure.com,management.azure.com,login.microsoftonline.com ports=80,443
#
# Two VNets that are peered: vnet-proxy with the machine vm-proxy (10.20.0.4) behind a NAT gateway, and vnet-aks.
# STAGE says how far it is built: network, proxy (mitmdump listens on 8080), cluster (AKS with that proxy).
STAGE=${STAGE:-cluster}

az group create --name rg-proxy --location westeurope --output none
az network vnet create --resource-group rg-proxy --name vnet-proxy --address-prefixes 10.20.0.0/16 --subnet-name snet-proxy --subnet-prefixes 10.20.0.0/24 --output none
az network vnet create --resource-group rg-proxy --name vnet-aks --address-prefixes 10.10.0.0/16 --subnet-name snet-aks --subnet-prefixes 10.10.0.0/24 --output none
az network vnet peering create --resource-group rg-proxy --vnet-name vnet-aks --name to-proxy --remote-vnet vnet-proxy --allow-vnet-access --output none
az network vnet peering create --resource-group rg-proxy --vnet-name vnet-proxy --name to-aks --remote-vnet vnet-aks --allow-vnet-access --output none

# The proxy's own way out, and who may ask it.
az network public-ip create --resource-group rg-proxy --name pip-natgw --sku Standard --allocation-method Static --output none
az network nat gateway create --resource-group rg-proxy --name natgw-proxy --public-ip-addresses pip-natgw --output none
az network nsg create --resource-group rg-proxy --name nsg-proxy --output none
az network nsg rule create --resource-group rg-proxy --nsg-name nsg-proxy --name AllowNodesToProxy --priority 200 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 --output none
az network vnet subnet update --resource-group rg-proxy --vnet-name vnet-proxy --name snet-proxy --nat-gateway natgw-proxy --network-security-group nsg-proxy --output none
az vm create --resource-group rg-proxy --name vm-proxy --image Ubuntu2404 --size Standard_B2s --vnet-name vnet-proxy --subnet snet-proxy --public-ip-address "" --nsg "" --admin-username azureuser --generate-ssh-keys --only-show-errors --output none

if [ "$STAGE" != network ]; then
  az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --output none \
    --scripts 'apt-get update' 'apt-get install -y mitmproxy' 'nohup mitmdump --listen-port 8080 > /var/log/mitmdump.log 2>&1 &'
fi

if [ "$STAGE" = cluster ]; then
  az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --scripts 'cat ~/.mitmproxy/mitmproxy-ca-cert.pem' --query 'value[0].message' --output tsv | sed -n '/BEGIN/,/END/p' > mitmproxy-ca-cert.pem
  cat > proxy.json <<JSON
{
  "httpProxy": "http://10.20.0.4:8080",
  "httpsProxy": "http://10.20.0.4:8080",
  "noProxy": [".svc", ".cluster.local"],
  "trustedCa": "$(base64 -w0 mitmproxy-ca-cert.pem)"
}
JSON
  az aks create --resource-group rg-proxy --name aks-proxy --node-count 2 --network-plugin azure --network-plugin-mode overlay --vnet-subnet-id "$(az network vnet subnet show --resource-group rg-proxy --vnet-name vnet-aks --name snet-aks --query id --output tsv)" --http-proxy-config proxy.json --generate-ssh-keys --only-show-errors --output none
  az aks get-credentials --resource-group rg-proxy --name aks-proxy --only-show-errors
  kubectl create deployment web --image=nginx --replicas=2 > /dev/null
  kubectl expose deployment web --port=80 > /dev/null
  kubectl run client --image=nicolaka/netshoot --command -- sleep infinity > /dev/null
fi
