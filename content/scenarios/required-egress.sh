#: seed required-egress
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host example 203.0.113.80 dns=example.com,www.example.com ports=80,443
#: internet-host workstation 198.51.100.20 ports=22
#: pin public-ip/pip-fw 203.0.113.140
#
# A network for a cluster whose way out is a firewall, and no cluster yet. The firewall has no rules. Subnets: snet-nodes
# with a default route to the firewall, snet-plain without a route table, snet-direct with a default route to Internet;
# files named nodes, plain and direct hold their ids. With CLUSTER=yes the firewall has the FQDN tag, and the cluster is
# there with two nodes and an API server that lets in the firewall and a workstation.
CLUSTER=${CLUSTER:-no}

az extension add --name azure-firewall
az extension add --name aks-preview
az group create --name rg-vault --location westeurope --output none
az network vnet create --resource-group rg-vault --name vnet-vault --address-prefixes 10.42.0.0/16 --output none
for subnet in nodes:10.42.1.0/24 plain:10.42.3.0/24 direct:10.42.4.0/24; do
  az network vnet subnet create --resource-group rg-vault --vnet-name vnet-vault --name snet-${subnet%%:*} --address-prefixes ${subnet#*:} --output none
  az network vnet subnet show --resource-group rg-vault --vnet-name vnet-vault --name snet-${subnet%%:*} --query id --output tsv > ${subnet%%:*}
done
az network vnet subnet create --resource-group rg-vault --vnet-name vnet-vault --name AzureFirewallSubnet --address-prefixes 10.42.2.0/26 --output none
az network public-ip create --resource-group rg-vault --name pip-fw --sku Standard --output none
az network firewall create --resource-group rg-vault --name fw-vault --output none
az network firewall ip-config create --resource-group rg-vault --firewall-name fw-vault --name main --public-ip-address pip-fw --vnet-name vnet-vault --output none

for table in "nodes --next-hop-type VirtualAppliance --next-hop-ip-address 10.42.2.4" "direct --next-hop-type Internet"; do
  set -- $table
  az network route-table create --resource-group rg-vault --name rt-$1 --output none
  az network route-table route create --resource-group rg-vault --route-table-name rt-$1 --name all --address-prefix 0.0.0.0/0 "${@:2}" --output none
  az network vnet subnet update --resource-group rg-vault --vnet-name vnet-vault --name snet-$1 --route-table rt-$1 --output none
done

if [ $CLUSTER = yes ]; then
  az network firewall application-rule create --resource-group rg-vault --firewall-name fw-vault --collection-name names --name aks --action Allow --priority 200 --source-addresses 10.42.1.0/24 --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService --output none
  az aks create --resource-group rg-vault --name aks-vault --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id $(cat nodes) --outbound-type userDefinedRouting --api-server-authorized-ip-ranges 203.0.113.140,198.51.100.20 --generate-ssh-keys --only-show-errors --output none
  az aks get-credentials --resource-group rg-vault --name aks-vault --only-show-errors
fi
