#: seed way-back
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host customer 203.0.113.20 ports=22
#: internet-host office 198.51.100.20 ports=22
#: internet-host example 203.0.113.80 dns=example.com ports=80,443
#: pin public-ip/pip-fw 203.0.113.140
#
# A cluster whose nodes have a default route to a firewall, and a pod with two Services: shop with a public address, made
# without a thought of the firewall, and inside with an internal one, 10.40.3.10. The firewall publishes nothing. vm-front
# stands in a subnet of its own without a route table.
az extension add --name azure-firewall
az group create --name rg-shop --location westeurope --output none
az network vnet create --resource-group rg-shop --name vnet-shop --address-prefixes 10.40.0.0/16 --output none
for subnet in snet-nodes:10.40.0.0/24 AzureFirewallSubnet:10.40.1.0/26 snet-front:10.40.2.0/24 snet-internal:10.40.3.0/28; do
  az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name ${subnet%%:*} --address-prefixes ${subnet#*:} --output none
done
az network public-ip create --resource-group rg-shop --name pip-fw --sku Standard --output none
az network firewall create --resource-group rg-shop --name fw-shop --output none
az network firewall ip-config create --resource-group rg-shop --firewall-name fw-shop --name main --public-ip-address pip-fw --vnet-name vnet-shop --output none
az network firewall application-rule create --resource-group rg-shop --firewall-name fw-shop --collection-name names --name aks --action Allow --priority 200 --source-addresses 10.40.0.0/24 --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService --output none
az network firewall application-rule create --resource-group rg-shop --firewall-name fw-shop --collection-name names --name images --source-addresses 10.40.0.0/24 --protocols Https=443 --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com --output none
az network route-table create --resource-group rg-shop --name rt-nodes --output none
az network route-table route create --resource-group rg-shop --route-table-name rt-nodes --name all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.40.1.4 --output none
az network vnet subnet update --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --route-table rt-nodes --output none

az identity create --resource-group rg-shop --name id-aks --output none
az role assignment create --assignee-object-id "$(az identity show --resource-group rg-shop --name id-aks --query principalId --output tsv)" --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show --name rg-shop --query id --output tsv)" --output none
az aks create --resource-group rg-shop --name aks-shop --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id "$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --query id --output tsv)" --assign-identity "$(az identity show --resource-group rg-shop --name id-aks --query id --output tsv)" --outbound-type userDefinedRouting --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-shop --name aks-shop --only-show-errors
kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: shop, labels: { app: shop } }
spec:
  containers:
    - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: shop }
  ports: [{ port: 80 }]
---
apiVersion: v1
kind: Service
metadata:
  name: inside
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet: snet-internal
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.40.3.10
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: shop }
  ports: [{ port: 80 }]
YAML
az vm create --resource-group rg-shop --name vm-front --image Ubuntu2204 --vnet-name vnet-shop --subnet snet-front --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
