#: internet-host customer 203.0.113.10 ports=22
#: internet-host office 198.51.100.20 ports=22
#: internet-host office-2 198.51.100.220 ports=22
#: internet-host neighbour 198.51.101.7 ports=22
#: internet-host payments 203.0.113.50 dns=pay.example.com ports=443
#: internet-host sister 203.0.113.60 dns=www.example.com,shop-7.pay.example.com ports=443
#: internet-host drop 192.0.2.66 dns=drop.example.net ports=443

RG=rg-shop
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-shop --address-prefixes 10.40.0.0/16 -o none
for SUBNET in snet-nodes:10.40.0.0/24 snet-internal:10.40.1.0/28 AzureFirewallSubnet:10.40.2.0/26; do
  az network vnet subnet create -g $RG --vnet-name vnet-shop -n ${SUBNET%%:*} --address-prefixes ${SUBNET#*:} -o none
done
az network public-ip create -g $RG -n pip-fw --sku Standard -o none
az network firewall create -g $RG -n fw-shop --enable-dns-proxy true -o none
az network firewall ip-config create -g $RG --firewall-name fw-shop -n main --public-ip-address pip-fw --vnet-name vnet-shop -o none
FIREWALL=$(az network firewall show -g $RG -n fw-shop --query 'ipConfigurations[0].privateIPAddress' -o tsv)

# What the cluster needs, and the payments.
az network firewall network-rule create -g $RG --firewall-name fw-shop --collection-name cluster -n api --action Allow --priority 200 \
  --protocols TCP --source-addresses 10.40.0.0/24 --destination-addresses AzureCloud.westeurope --destination-ports 443 9000 -o none
az network firewall network-rule create -g $RG --firewall-name fw-shop --collection-name cluster -n tunnel \
  --protocols UDP --source-addresses 10.40.0.0/24 --destination-addresses AzureCloud.westeurope --destination-ports 1194 -o none
az network firewall application-rule create -g $RG --firewall-name fw-shop --collection-name names -n aks --action Allow --priority 200 \
  --source-addresses 10.40.0.0/24 --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService -o none
az network firewall application-rule create -g $RG --firewall-name fw-shop --collection-name names -n images \
  --source-addresses 10.40.0.0/24 --protocols Https=443 \
  --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com -o none
az network firewall application-rule create -g $RG --firewall-name fw-shop --collection-name names -n payments \
  --source-addresses 10.40.0.0/24 --protocols Https=443 --target-fqdns pay.example.com -o none

az network route-table create -g $RG -n rt-nodes -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n all --address-prefix 0.0.0.0/0 \
  --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes --route-table rt-nodes -o none

az identity create -g $RG -n id-aks -o none
IDENTITY=$(az identity show -g $RG -n id-aks --query id -o tsv)
az role assignment create --assignee-object-id "$(az identity show -g $RG -n id-aks --query principalId -o tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none
SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-shop -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-shop --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" --outbound-type userDefinedRouting \
  --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-shop > /dev/null
for APP in shop admin; do
  kubectl apply -f - > /dev/null <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: $APP }
spec:
  selector: { matchLabels: { app: $APP } }
  template:
    metadata: { labels: { app: $APP } }
    spec:
      containers:
        - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: $APP }
spec:
  type: LoadBalancer
  selector: { app: $APP }
  ports: [{ port: 80, targetPort: 80 }]
YAML
done
