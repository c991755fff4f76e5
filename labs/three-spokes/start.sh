#: on-premises-host desk 192.168.20.10 prefix=192.168.20.0/24 vnet=vnet-hub ports=22
#: on-premises-host ledger 192.168.20.30 prefix=192.168.20.0/24 vnet=vnet-hub ports=443
#: on-premises-host printer 192.168.20.40 prefix=192.168.20.0/24 vnet=vnet-hub ports=443

RG=rg-works
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-hub --address-prefixes 10.0.0.0/16 -o none
az network vnet subnet create -g $RG --vnet-name vnet-hub -n GatewaySubnet --address-prefixes 10.0.0.0/27 -o none
az network vnet subnet create -g $RG --vnet-name vnet-hub -n AzureFirewallSubnet --address-prefixes 10.0.1.0/26 -o none
az network public-ip create -g $RG -n pip-fw --sku Standard -o none
az network firewall create -g $RG -n fw-hub -o none
az network firewall ip-config create -g $RG --firewall-name fw-hub -n main --public-ip-address pip-fw --vnet-name vnet-hub -o none

for SPOKE in web:10.1 data:10.2 dev:10.3; do
  NAME=${SPOKE%:*}
  az network vnet create -g $RG -n vnet-$NAME --address-prefixes ${SPOKE#*:}.0.0/16 \
    --subnet-name snet-$NAME --subnet-prefixes ${SPOKE#*:}.0.0/24 -o none
  az vm create -g $RG -n vm-$NAME --image Ubuntu2204 --vnet-name vnet-$NAME --subnet snet-$NAME \
    --public-ip-address "" --nsg "" --generate-ssh-keys -o none
  az vm run-command invoke -g $RG -n vm-$NAME --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
done
