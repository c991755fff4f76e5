#: on-premises-host core 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-bank ports=443
#: on-premises-host archive 10.99.0.10 prefix=10.99.0.0/16 vnet=vnet-bank ports=443

# The network team's own group, with the route table of others.
az group create -n rg-network -l westeurope -o none
az network route-table create -g rg-network -n rt-shared -l westeurope -o none
az network route-table route create -g rg-network --route-table-name rt-shared -n to-branches \
  --address-prefix 10.200.0.0/16 --next-hop-type VirtualNetworkGateway -o none
