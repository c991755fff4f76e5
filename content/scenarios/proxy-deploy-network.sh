#: from proxy-world STAGE=proxy
#
# The proxy runs, and there is no cluster yet. A firewall in vnet-aks allows one thing: the names of API servers.
# snet-aks has a default route to it, snet-open has none. Files: nodes and open with the ids of the subnets,
# mitmproxy-ca-cert.pem, proxy.json. With CLUSTER=yes the cluster is there, and four pods.
CLUSTER=${CLUSTER:-no}

az extension add --name azure-firewall
az network vnet subnet create --resource-group rg-proxy --vnet-name vnet-aks --name AzureFirewallSubnet --address-prefixes 10.10.1.0/26 --output none
az network public-ip create --resource-group rg-proxy --name pip-fw --sku Standard --output none
az network firewall create --resource-group rg-proxy --name fw-out --output none
az network firewall ip-config create --resource-group rg-proxy --firewall-name fw-out --name main --public-ip-address pip-fw --vnet-name vnet-aks --output none
az network firewall application-rule create --resource-group rg-proxy --firewall-name fw-out --collection-name names --name api-servers --action Allow --priority 200 --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns '*.hcp.westeurope.azmk8s.io' --output none
az network route-table create --resource-group rg-proxy --name rt-closed --output none
az network route-table route create --resource-group rg-proxy --route-table-name rt-closed --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.10.1.4 --output none
az network vnet subnet update --resource-group rg-proxy --vnet-name vnet-aks --name snet-aks --route-table rt-closed --output none
az network vnet subnet create --resource-group rg-proxy --vnet-name vnet-aks --name snet-open --address-prefixes 10.10.2.0/24 --output none
az network vnet subnet show --resource-group rg-proxy --vnet-name vnet-aks --name snet-aks --query id --output tsv > nodes
az network vnet subnet show --resource-group rg-proxy --vnet-name vnet-aks --name snet-open --query id --output tsv > open

az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --scripts 'cat ~/.mitmproxy/mitmproxy-ca-cert.pem' --query 'value[0].message' --output tsv | sed -n '/BEGIN/,/END/p' > mitmproxy-ca-cert.pem
cat > proxy.json <<JSON
{
  "httpProxy": "http://10.20.0.4:8080",
  "httpsProxy": "http://10.20.0.4:8080",
  "noProxy": [".svc", ".cluster.local"],
  "trustedCa": "$(base64 -w0 mitmproxy-ca-cert.pem)"
}
JSON

if [ $CLUSTER = yes ]; then
  az aks create --resource-group rg-proxy --name aks-closed --node-count 2 --network-plugin azure --network-plugin-mode overlay --outbound-type userDefinedRouting --vnet-subnet-id "$(cat nodes)" --http-proxy-config proxy.json --generate-ssh-keys --only-show-errors --output none
  az aks get-credentials --resource-group rg-proxy --name aks-closed --only-show-errors
  kubectl run client --image=nicolaka/netshoot --command -- sleep infinity > /dev/null
  kubectl run opted-out --image=nicolaka/netshoot --annotations=kubernetes.azure.com/no-http-proxy-vars=true --command -- sleep infinity > /dev/null
fi
