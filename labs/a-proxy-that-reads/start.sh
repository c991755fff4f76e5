#: internet-host web 203.0.113.80 dns=www.example.com,example.com,ifconfig.me ports=80,443
#: internet-host bank 198.51.100.20 dns=savings.example,login.savings.example ports=443
#: internet-host lookalike 198.51.100.21 dns=mysavings.example,savings.example.org ports=443
#: internet-host drop 198.51.100.66 dns=drop.example.net ports=22,80,443,8443
#: internet-host downloads 198.51.100.30 dns=downloads.mitmproxy.org ports=80,443

# Three private subnets; only the clients' has a way out. On vm-proxy nothing listens but sshd.
RG=rg-watch
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-watch --address-prefixes 10.70.0.0/16 -o none
az network public-ip create -g $RG -n pip-out --sku Standard -o none
az network nat gateway create -g $RG -n natgw-out --public-ip-addresses pip-out -o none
az network nsg create -g $RG -n nsg-proxy -o none
az network nsg create -g $RG -n nsg-clients -o none
subnet() {
  az network vnet subnet create -g $RG --vnet-name vnet-watch -n "$1" --address-prefixes "$2" \
    --default-outbound-access false "${@:3}" -o none
}
subnet snet-proxy 10.70.1.0/27 --network-security-group nsg-proxy
subnet snet-clients 10.70.2.0/26 --network-security-group nsg-clients --nat-gateway natgw-out
subnet snet-ops 10.70.3.0/27

machine() {
  az vm create -g $RG -n "$1" --image Ubuntu2404 --vnet-name vnet-watch --subnet "$2" --public-ip-address "" --nsg "" \
    --admin-username azureuser --generate-ssh-keys -o none --only-show-errors
}
machine vm-proxy snet-proxy
machine vm-client snet-clients
machine vm-desk snet-clients
machine vm-ops snet-ops
