#: seed firewall-policy
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host example 203.0.113.80 dns=example.com,www.example.com ports=80,443
#: internet-host registry 203.0.113.90 dns=mcr.microsoft.com,westeurope.data.mcr.microsoft.com ports=443
#: internet-host docker 203.0.113.91 dns=registry-1.docker.io,auth.docker.io,production.cloudflare.docker.com ports=443
#: internet-host partner 203.0.113.85 dns=partner.example.net ports=443
#: internet-host customer 198.51.100.7 ports=22
#
# A hub with Azure Firewall and a spoke with an AKS cluster, all of whose traffic to the outside the firewall decides
# about. Its policy has Azure's three default groups: DNAT 100, network 200, application 300. What a network rule allows
# to the partner an application rule of a smaller priority number would deny. The spoke asks the firewall for names.
# Two pods, a client and a web server, and the web server's internal Service, which a DNAT rule publishes.
az extension add --name azure-firewall
az group create --name rg-hub --location westeurope --output none
az network vnet create --resource-group rg-hub --name vnet-hub --address-prefixes 10.0.0.0/16 --subnet-name AzureFirewallSubnet --subnet-prefixes 10.0.1.0/26 --output none
az network vnet create --resource-group rg-hub --name vnet-spoke --address-prefixes 10.1.0.0/16 --subnet-name snet-aks --subnet-prefixes 10.1.0.0/24 --output none
az network vnet peering create --resource-group rg-hub --vnet-name vnet-hub --name to-spoke --remote-vnet vnet-spoke --allow-vnet-access --allow-forwarded-traffic --output none
az network vnet peering create --resource-group rg-hub --vnet-name vnet-spoke --name to-hub --remote-vnet vnet-hub --allow-vnet-access --allow-forwarded-traffic --output none

az network public-ip create --resource-group rg-hub --name pip-fw --sku Standard --output none
PUBLIC=$(az network public-ip show --resource-group rg-hub --name pip-fw --query ipAddress --output tsv)
az network firewall policy create --resource-group rg-hub --name policy-hub --enable-dns-proxy true --output none
az network firewall create --resource-group rg-hub --name fw-hub --firewall-policy policy-hub --output none
az network firewall ip-config create --resource-group rg-hub --firewall-name fw-hub --name main --public-ip-address pip-fw --vnet-name vnet-hub --output none
FIREWALL=$(az network firewall show --resource-group rg-hub --name fw-hub --query 'ipConfigurations[0].privateIPAddress' --output tsv)

policy="--resource-group rg-hub --policy-name policy-hub"
for group in "Dnat 100" "Network 200" "Application 300"; do
  set -- $group
  az network firewall policy rule-collection-group create $policy --name Default$1RuleCollectionGroup --priority $2 --output none
done
network="$policy --rcg-name DefaultNetworkRuleCollectionGroup"
az network firewall policy rule-collection-group collection add-filter-collection $network --name time --collection-priority 110 --action Allow --rule-name ntp --rule-type NetworkRule --source-addresses 10.1.0.0/24 --destination-fqdns ntp.ubuntu.com --destination-ports 123 --ip-protocols UDP --output none
az network firewall policy rule-collection-group collection add-filter-collection $network --name partners --collection-priority 120 --action Allow --rule-name partner --rule-type NetworkRule --source-addresses 10.1.0.0/24 --destination-addresses 203.0.113.85 --destination-ports 443 --ip-protocols TCP --output none
application="$policy --rcg-name DefaultApplicationRuleCollectionGroup"
az network firewall policy rule-collection-group collection add-filter-collection $application --name closed --collection-priority 100 --action Deny --rule-name partner --rule-type ApplicationRule --source-addresses '*' --target-fqdns partner.example.net --protocols Https=443 --output none
az network firewall policy rule-collection-group collection add-filter-collection $application --name aks --collection-priority 110 --action Allow --rule-name tag --rule-type ApplicationRule --source-addresses 10.1.0.0/24 --fqdn-tags AzureKubernetesService --protocols Http=80 Https=443 --output none
az network firewall policy rule-collection-group collection add-filter-collection $application --name images --collection-priority 120 --action Allow --rule-name docker --rule-type ApplicationRule --source-addresses 10.1.0.0/24 --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com --protocols Https=443 --output none
az network firewall policy rule-collection-group collection add-filter-collection $application --name web --collection-priority 130 --action Allow --rule-name example --rule-type ApplicationRule --source-addresses 10.1.0.0/24 --target-fqdns example.com --protocols Http=80 Https=443 --output none

az network vnet update --resource-group rg-hub --name vnet-spoke --dns-servers "$FIREWALL" --output none
az network route-table create --resource-group rg-hub --name rt-aks --output none
az network route-table route create --resource-group rg-hub --route-table-name rt-aks --name default --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" --output none
az network vnet subnet update --resource-group rg-hub --vnet-name vnet-spoke --name snet-aks --route-table rt-aks --output none

az identity create --resource-group rg-hub --name id-aks --output none
PRINCIPAL=$(az identity show --resource-group rg-hub --name id-aks --query principalId --output tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show --name rg-hub --query id --output tsv)" --output none
az aks create --resource-group rg-hub --name aks-spoke --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --vnet-subnet-id "$(az network vnet subnet show --resource-group rg-hub --vnet-name vnet-spoke --name snet-aks --query id --output tsv)" --assign-identity "$(az identity show --resource-group rg-hub --name id-aks --query id --output tsv)" --outbound-type userDefinedRouting --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-hub --name aks-spoke --only-show-errors
number=0
for name in client web; do
  node=$(kubectl get nodes --output jsonpath="{.items[$number].metadata.name}")
  number=$((number + 1))
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $name, labels: { app: $name } }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done
kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.1.0.200
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: web }
  ports: [{ port: 80 }]
YAML
az network firewall policy rule-collection-group collection add-nat-collection $policy --rcg-name DefaultDnatRuleCollectionGroup --name publish --collection-priority 110 --action DNAT --rule-name web --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 80 --ip-protocols TCP --translated-address 10.1.0.200 --translated-port 80 --output none
