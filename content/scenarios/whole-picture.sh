#: seed whole-picture
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host traveller 203.0.113.20 ports=22
#: internet-host weather 198.51.100.90 dns=weather.example.com ports=80,443
#: internet-host stranger 198.51.100.99 dns=stranger.example.net ports=80,443
#: on-premises-host terminal 192.168.50.10 prefix=192.168.50.0/24 vnet=vnet-hub ports=22
#: on-premises-host scales 192.168.50.20 prefix=192.168.50.0/24 vnet=vnet-hub ports=443
#: pin public-ip/pip-fw 203.0.113.140
#
# A harbour: a hub with firewall and gateway, a spoke with an Overlay cluster that travellers see, a spoke with a Pod
# Subnet cluster and its database, and the weather, which the ships need. Everything between them passes the firewall.
GROUP=rg-harbour
az group create --name $GROUP --location westeurope --output none
vnet() { az network vnet create --resource-group $GROUP --name vnet-$1 --address-prefixes $2 --output none; }
subnet() { az network vnet subnet create --resource-group $GROUP --vnet-name vnet-$1 --name $2 --address-prefixes $3 --output none; }
vnet hub 10.0.0.0/16
subnet hub GatewaySubnet 10.0.0.0/27
subnet hub AzureFirewallSubnet 10.0.1.0/26
subnet hub snet-shared 10.0.2.0/24
vnet web 10.1.0.0/16
subnet web snet-nodes 10.1.0.0/24
subnet web snet-internal 10.1.1.0/28
vnet ships 10.2.0.0/16
subnet ships snet-nodes 10.2.0.0/24
subnet ships snet-pods 10.2.4.0/22
subnet ships snet-internal 10.2.1.0/28
subnet ships snet-data 10.2.2.0/24

for spoke in web ships; do
  az network vnet peering create --resource-group $GROUP --vnet-name vnet-hub --name hub-to-$spoke --remote-vnet vnet-$spoke \
    --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit --output none
  az network vnet peering create --resource-group $GROUP --vnet-name vnet-$spoke --name $spoke-to-hub --remote-vnet vnet-hub \
    --allow-vnet-access --allow-forwarded-traffic --use-remote-gateways --output none
done

# The firewall and its policy: one group for what comes in, one for what goes across, one for names outside.
az network public-ip create --resource-group $GROUP --name pip-fw --sku Standard --output none
PUBLIC=$(az network public-ip show --resource-group $GROUP --name pip-fw --query ipAddress --output tsv)
az network firewall policy create --resource-group $GROUP --name policy --output none
for group in publish:100 across:200 names:300; do
  az network firewall policy rule-collection-group create --resource-group $GROUP --policy-name policy --name ${group%:*} --priority ${group#*:} --output none
done
az network firewall policy rule-collection-group collection add-nat-collection --resource-group $GROUP --policy-name policy --rcg-name publish \
  --name in --collection-priority 100 --action DNAT --rule-name timetable --ip-protocols TCP --source-addresses '*' \
  --destination-addresses $PUBLIC --destination-ports 80 --translated-address 10.1.1.10 --translated-port 80 --output none
az network firewall policy rule-collection-group collection add-filter-collection --resource-group $GROUP --policy-name policy --rcg-name across \
  --name calls --collection-priority 200 --action Allow --rule-type NetworkRule --rule-name api --ip-protocols TCP \
  --source-addresses 10.1.0.0/24 10.2.0.0/24 --destination-addresses AzureCloud.westeurope --destination-ports 443 --output none
across() {
  az network firewall policy rule-collection-group collection rule add --resource-group $GROUP --policy-name policy --rcg-name across \
    --collection-name calls --rule-type NetworkRule --name $1 --ip-protocols TCP --source-addresses $2 --destination-addresses $3 \
    --destination-ports $4 --output none
}
across berths 10.1.0.0/24 10.2.1.10 80
across desk 192.168.50.10 10.2.1.10 80
across scales 10.2.4.0/22 192.168.50.20 443
az network firewall policy rule-collection-group collection add-filter-collection --resource-group $GROUP --policy-name policy --rcg-name names \
  --name web --collection-priority 100 --action Allow --rule-type ApplicationRule --rule-name aks --source-addresses 10.1.0.0/24 10.2.0.0/24 10.2.4.0/22 \
  --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService --output none
name() {
  az network firewall policy rule-collection-group collection rule add --resource-group $GROUP --policy-name policy --rcg-name names \
    --collection-name web --rule-type ApplicationRule --name $1 --source-addresses 10.1.0.0/24 10.2.0.0/24 10.2.4.0/22 --protocols Https=443 \
    --target-fqdns "${@:2}" --output none
}
name images registry-1.docker.io auth.docker.io production.cloudflare.docker.com
name weather weather.example.com
az network firewall create --resource-group $GROUP --name fw-hub --firewall-policy policy --output none
az network firewall ip-config create --resource-group $GROUP --firewall-name fw-hub --name main --public-ip-address pip-fw --vnet-name vnet-hub --output none
FIREWALL=$(az network firewall show --resource-group $GROUP --name fw-hub --query 'ipConfigurations[0].privateIPAddress' --output tsv)

# Spokes send everything to the firewall, and so does the gateway what is for a spoke.
az network route-table create --resource-group $GROUP --name rt-spokes --disable-bgp-route-propagation true --output none
az network route-table route create --resource-group $GROUP --route-table-name rt-spokes --name all --address-prefix 0.0.0.0/0 \
  --next-hop-type VirtualAppliance --next-hop-ip-address $FIREWALL --output none
az network route-table create --resource-group $GROUP --name rt-gateway --output none
for spoke in web:10.1 ships:10.2; do
  az network route-table route create --resource-group $GROUP --route-table-name rt-gateway --name ${spoke%:*} --address-prefix ${spoke#*:}.0.0/16 \
    --next-hop-type VirtualAppliance --next-hop-ip-address $FIREWALL --output none
done
az network vnet subnet update --resource-group $GROUP --vnet-name vnet-hub --name GatewaySubnet --route-table rt-gateway --output none
for place in web:snet-nodes ships:snet-nodes ships:snet-pods; do
  az network vnet subnet update --resource-group $GROUP --vnet-name vnet-${place%:*} --name ${place#*:} --route-table rt-spokes --output none
done

az identity create --resource-group $GROUP --name id-aks --output none
IDENTITY=$(az identity show --resource-group $GROUP --name id-aks --query id --output tsv)
az role assignment create --assignee-object-id "$(az identity show --resource-group $GROUP --name id-aks --query principalId --output tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show --name $GROUP --query id --output tsv)" --output none
nodes() { az network vnet subnet show --resource-group $GROUP --vnet-name vnet-$1 --name snet-$2 --query id --output tsv; }
cluster() {
  az aks create --resource-group $GROUP --name aks-$1 --node-count 2 --network-plugin azure --outbound-type userDefinedRouting \
    --vnet-subnet-id "$(nodes $1 nodes)" --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
    --generate-ssh-keys --only-show-errors --output none "${@:2}"
}
cluster web --network-plugin-mode overlay --pod-cidr 10.244.0.0/16
cluster ships --pod-subnet-id "$(nodes ships pods)"
for app in ships:berths:10.2.1.10 web:timetable:10.1.1.10; do
  IFS=: read -r CLUSTER NAME ADDRESS <<< "$app"
  az aks get-credentials --resource-group $GROUP --name aks-$CLUSTER --overwrite-existing --only-show-errors
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $NAME, labels: { app: $NAME } }
spec:
  containers:
    - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: $NAME
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet: snet-internal
    service.beta.kubernetes.io/azure-load-balancer-ipv4: $ADDRESS
spec:
  type: LoadBalancer
  selector: { app: $NAME }
  ports: [{ port: 80, targetPort: 80 }]
YAML
done

for machine in shared:hub:snet-shared data:ships:snet-data; do
  IFS=: read -r NAME NETWORK SUBNET <<< "$machine"
  az vm create --resource-group $GROUP --name vm-$NAME --image Ubuntu2204 --vnet-name vnet-$NETWORK --subnet $SUBNET --public-ip-address "" \
    --nsg "" --generate-ssh-keys --only-show-errors --output none
  az vm run-command invoke --resource-group $GROUP --name vm-$NAME --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done
# Only now that it has its packages: the firewall lets it call nobody.
az network vnet subnet update --resource-group $GROUP --vnet-name vnet-ships --name snet-data --route-table rt-spokes --output none
