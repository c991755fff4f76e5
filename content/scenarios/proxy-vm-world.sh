#: seed proxy-vm
#: clock 2026-09-01T09:00:00Z
#: internet-host web 203.0.113.80 dns=example.com,www.example.com,ifconfig.me ports=80,443
#: internet-host downloads 203.0.113.90 dns=downloads.mitmproxy.org,azure.archive.ubuntu.com ports=80,443
#
# Three machines in one network, none with a public address: vm-proxy (10.20.0.4), vm-client (10.20.1.4) and vm-guest
# (10.20.2.4). The subnets are of today, so they are private. STAGE: machines, running (the proxy's subnet has a NAT
# gateway, mitmdump listens on 8080), trusting (vm-client has the CA as ~/mitmproxy-ca-cert.pem).
STAGE=${STAGE:-running}

# Runs a line on a machine and prints what it said, without the frame that az puts around it.
cat > on <<'END'
#!/bin/bash
az vm run-command invoke -g rg-proxy -n "$1" \
  --command-id RunShellScript --scripts "$2" \
  --query "value[0].message" -o tsv |
  sed "/^Enable succeeded/d; /^\[std/d; /^$/d"
END
chmod +x on

az group create --name rg-proxy --location westeurope --output none
az network vnet create --resource-group rg-proxy --name vnet-proxy --address-prefixes 10.20.0.0/16 --subnet-name snet-proxy --subnet-prefixes 10.20.0.0/24 --output none
az network vnet subnet create --resource-group rg-proxy --vnet-name vnet-proxy --name snet-clients --address-prefixes 10.20.1.0/24 --output none
az network vnet subnet create --resource-group rg-proxy --vnet-name vnet-proxy --name snet-guests --address-prefixes 10.20.2.0/24 --output none
az network nsg create --resource-group rg-proxy --name nsg-proxy --output none
az network vnet subnet update --resource-group rg-proxy --vnet-name vnet-proxy --name snet-proxy --network-security-group nsg-proxy --output none
az vm create --resource-group rg-proxy --name vm-proxy --image Ubuntu2404 --size Standard_B2s --vnet-name vnet-proxy --subnet snet-proxy --public-ip-address "" --nsg "" --admin-username azureuser --generate-ssh-keys --only-show-errors --output none
az vm create --resource-group rg-proxy --name vm-client --image Ubuntu2404 --size Standard_B2s --vnet-name vnet-proxy --subnet snet-clients --public-ip-address "" --nsg "" --admin-username azureuser --generate-ssh-keys --only-show-errors --output none
az vm create --resource-group rg-proxy --name vm-guest --image Ubuntu2404 --size Standard_B2s --vnet-name vnet-proxy --subnet snet-guests --public-ip-address "" --nsg "" --admin-username azureuser --generate-ssh-keys --only-show-errors --output none

if [ "$STAGE" != machines ]; then
  az network public-ip create --resource-group rg-proxy --name pip-natgw --sku Standard --allocation-method Static --output none
  az network nat gateway create --resource-group rg-proxy --name natgw-proxy --public-ip-addresses pip-natgw --output none
  az network vnet subnet update --resource-group rg-proxy --vnet-name vnet-proxy --name snet-proxy --nat-gateway natgw-proxy --output none
  ./on vm-proxy 'apt-get update; apt-get install -y mitmproxy; nohup mitmdump --listen-port 8080 > /var/log/mitmdump.log 2>&1 &' > /dev/null
fi

if [ "$STAGE" = trusting ]; then
  ./on vm-proxy 'cat ~/.mitmproxy/mitmproxy-ca-cert.pem' > ca.pem
  ./on vm-client "echo '$(cat ca.pem)' > ~/mitmproxy-ca-cert.pem" > /dev/null
fi
