#: internet-host customer 203.0.113.10 ports=22
#: internet-host payments 198.51.100.68 dns=pay.example.com ports=443
#: internet-host sister 203.0.113.60 dns=www.example.com,forum.example.org ports=80,443
#: internet-host drop 198.51.100.66 dns=drop.example.net ports=443
#: on-premises-host desk 192.168.10.30 prefix=192.168.10.0/24 vnet=vnet-hub ports=22
#: on-premises-host plant 192.168.10.20 prefix=192.168.10.0/24 vnet=vnet-hub ports=443

# Which of two things is broken for each of five tickets.
case "$LAB_VARIANT" in
  amber) FAULTS="shop-front stock rt-gateway pe-ratings payments" ;;
  birch) FAULTS="web-from-firewall stock-from-shop data-to-hub probes blocked-range" ;;
  cedar) FAULTS="shop-front stock-from-shop rt-gateway probes payments" ;;
  *) FAULTS="web-from-firewall stock data-to-hub pe-ratings blocked-range" ;;
esac
broken() { case " $FAULTS " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

RG=rg-company
az group create -n $RG -l westeurope -o none
az group create -n rg-ratings -l westeurope -o none

# The hub, with the firewall and its policy.
az network vnet create -g $RG -n vnet-hub --address-prefixes 10.0.0.0/16 -o none
for SUBNET in GatewaySubnet:10.0.0.0/27 AzureFirewallSubnet:10.0.1.0/26 snet-shared:10.0.2.0/24; do
  az network vnet subnet create -g $RG --vnet-name vnet-hub -n ${SUBNET%%:*} --address-prefixes ${SUBNET#*:} -o none
done
az network public-ip create -g $RG -n pip-fw --sku Standard -o none
PUBLIC=$(az network public-ip show -g $RG -n pip-fw --query ipAddress -o tsv)
az network firewall policy create -g $RG -n pol-company --enable-dns-proxy true -o none
az network firewall create -g $RG -n fw-hub --firewall-policy pol-company -o none
az network firewall ip-config create -g $RG --firewall-name fw-hub -n main --public-ip-address pip-fw --vnet-name vnet-hub -o none
FIREWALL=$(az network firewall show -g $RG -n fw-hub --query 'ipConfigurations[0].privateIPAddress' -o tsv)

group() { az network firewall policy rule-collection-group "$@" -g $RG --policy-name pol-company -o none; }
FRONT=10.10.1.10
if broken shop-front; then FRONT=10.10.1.9; fi
group create -n publish --priority 100
group collection add-nat-collection --rcg-name publish -n front --collection-priority 100 --action DNAT \
  --rule-name shop-front --ip-protocols TCP --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 80 \
  --translated-address $FRONT --translated-port 80

network() { # rule, sources, destinations, ports
  group collection rule add --rcg-name inside --collection-name calls --rule-type NetworkRule -n "$1" --ip-protocols TCP \
    --source-addresses $2 --destination-addresses $3 --destination-ports $4
}
SHOP=10.10.0.0/24
if broken stock; then SHOP=10.244.0.0/16; fi
RANGE=198.51.100.66
if broken blocked-range; then RANGE=198.51.100.64/29; fi
group create -n inside --priority 200
group collection add-filter-collection --rcg-name inside -n never --collection-priority 100 --action Deny --rule-type NetworkRule \
  --rule-name blocked-range --ip-protocols Any --source-addresses '*' --destination-addresses $RANGE --destination-ports '*'
group collection add-filter-collection --rcg-name inside -n calls --collection-priority 200 --action Allow --rule-type NetworkRule \
  --rule-name api --ip-protocols TCP --source-addresses 10.10.0.0/24 10.20.0.0/24 --destination-addresses AzureCloud.westeurope --destination-ports 443
network stock $SHOP 10.20.1.10 80
network reports 192.168.10.30 10.20.1.11 80
network orders "10.20.4.0/22" 192.168.10.20 443

PAY=pay.example.com
if broken payments; then PAY='*.pay.example.com'; fi
group create -n outside --priority 300
group collection add-filter-collection --rcg-name outside -n names --collection-priority 100 --action Allow --rule-type ApplicationRule \
  --rule-name aks --source-addresses 10.10.0.0/24 10.20.0.0/24 10.20.4.0/22 --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService
group collection rule add --rcg-name outside --collection-name names --rule-type ApplicationRule -n images \
  --source-addresses 10.10.0.0/24 10.20.0.0/24 10.20.4.0/22 --protocols Https=443 \
  --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com
group collection rule add --rcg-name outside --collection-name names --rule-type ApplicationRule -n payments \
  --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns "$PAY"

# Two spokes.
az network vnet create -g $RG -n vnet-shop --address-prefixes 10.10.0.0/16 -o none
az network vnet create -g $RG -n vnet-data --address-prefixes 10.20.0.0/16 -o none
for SUBNET in shop:snet-nodes:10.10.0.0/24 shop:snet-internal:10.10.1.0/28 shop:snet-endpoints:10.10.2.0/24 \
  data:snet-nodes:10.20.0.0/24 data:snet-internal:10.20.1.0/28 data:snet-pods:10.20.4.0/22; do
  IFS=: read -r NETWORK NAME RANGE <<< "$SUBNET"
  az network vnet subnet create -g $RG --vnet-name vnet-$NETWORK -n $NAME --address-prefixes $RANGE -o none
done
for SPOKE in shop data; do
  az network vnet peering create -g $RG --vnet-name vnet-hub -n hub-to-$SPOKE --remote-vnet vnet-$SPOKE \
    --allow-vnet-access --allow-forwarded-traffic --allow-gateway-transit -o none
  REMOTE=--use-remote-gateways
  if broken $SPOKE-to-hub; then REMOTE=; fi
  az network vnet peering create -g $RG --vnet-name vnet-$SPOKE -n $SPOKE-to-hub --remote-vnet vnet-hub \
    --allow-vnet-access --allow-forwarded-traffic $REMOTE -o none
done

az network route-table create -g $RG -n rt-spokes --disable-bgp-route-propagation true -o none
az network route-table route create -g $RG --route-table-name rt-spokes -n all --address-prefix 0.0.0.0/0 \
  --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
az network route-table create -g $RG -n rt-gateway -o none
for SPOKE in shop:10.10 data:10.20; do
  if broken rt-gateway && [ ${SPOKE%:*} = data ]; then continue; fi
  az network route-table route create -g $RG --route-table-name rt-gateway -n ${SPOKE%:*} --address-prefix ${SPOKE#*:}.0.0/16 \
    --next-hop-type VirtualAppliance --next-hop-ip-address "$FIREWALL" -o none
done
az network vnet subnet update -g $RG --vnet-name vnet-hub -n GatewaySubnet --route-table rt-gateway -o none

# Groups: the inside of each cluster, and the calls that are wanted.
for NAME in shop data; do az network nsg create -g $RG -n nsg-$NAME -o none; done
az network nsg create -g rg-ratings -n nsg-ratings -o none
rule() { # resource group, group, rule, priority, access, sources, destinations, ports
  az network nsg rule create -g "$1" --nsg-name "$2" -n "$3" --priority "$4" --direction Inbound --access "$5" --protocol '*' \
    --source-address-prefixes $6 --source-port-ranges '*' --destination-address-prefixes $7 --destination-port-ranges $8 -o none
}
set -f
FRONT=10.0.1.0/26
if broken web-from-firewall; then FRONT=Internet; fi
rule $RG nsg-shop inside 100 Allow "10.10.0.0/24 10.244.0.0/16" '*' '*'
rule $RG nsg-shop health 110 Allow AzureLoadBalancer '*' '*'
rule $RG nsg-shop web-from-firewall 200 Allow $FRONT 10.10.1.10 80
rule $RG nsg-shop nobody-else 4000 Deny '*' '*' '*'
SHOP=10.10.0.0/24
if broken stock-from-shop; then SHOP=10.0.1.0/26; fi
rule $RG nsg-data inside 100 Allow "10.20.0.0/24 10.20.4.0/22" '*' '*'
rule $RG nsg-data health 110 Allow AzureLoadBalancer '*' '*'
rule $RG nsg-data stock-from-shop 200 Allow $SHOP 10.20.1.10 80
rule $RG nsg-data reports-from-desk 210 Allow 192.168.10.30 10.20.1.11 80
rule $RG nsg-data nobody-else 4000 Deny '*' '*' '*'
PROBES=AzureLoadBalancer
if broken probes; then PROBES=AzureCloud; fi
rule rg-ratings nsg-ratings probes 100 Allow $PROBES '*' 80
rule rg-ratings nsg-ratings link 110 Allow 10.10.1.0/28 '*' 80
rule rg-ratings nsg-ratings nobody-else 4000 Deny '*' '*' '*'
set +f

for PLACE in shop:snet-nodes data:snet-nodes data:snet-pods; do
  az network vnet subnet update -g $RG --vnet-name vnet-${PLACE%:*} -n ${PLACE#*:} --route-table rt-spokes \
    --network-security-group nsg-${PLACE%:*} -o none
done

# The ratings: another company's network, with the same addresses, reached by Private Link.
az network vnet create -g rg-ratings -n vnet-ratings --address-prefixes 10.10.0.0/16 --subnet-name snet-vms --subnet-prefixes 10.10.0.0/24 -o none
az network vnet subnet create -g rg-ratings --vnet-name vnet-ratings -n snet-link --address-prefixes 10.10.1.0/28 \
  --private-link-service-network-policies Disabled -o none
az network vnet subnet update -g rg-ratings --vnet-name vnet-ratings -n snet-vms --network-security-group nsg-ratings -o none
az network lb create -g rg-ratings -n lb-ratings --sku Standard --vnet-name vnet-ratings --subnet snet-vms \
  --frontend-ip-name front --backend-pool-name vms --private-ip-address 10.10.0.10 -o none
az network lb probe create -g rg-ratings --lb-name lb-ratings -n alive --protocol Tcp --port 80 -o none
az network lb rule create -g rg-ratings --lb-name lb-ratings -n web --protocol Tcp --frontend-port 80 --backend-port 80 \
  --frontend-ip-name front --backend-pool-name vms --probe-name alive -o none
az vm create -g rg-ratings -n vm-ratings --image Ubuntu2204 --vnet-name vnet-ratings --subnet snet-vms \
  --public-ip-address "" --nsg "" --generate-ssh-keys -o none
az vm run-command invoke -g rg-ratings -n vm-ratings --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
# Another machine of theirs, which has no business with the ratings.
az vm create -g rg-ratings -n vm-next --image Ubuntu2204 --vnet-name vnet-ratings --subnet snet-vms \
  --public-ip-address "" --nsg "" --generate-ssh-keys -o none
az network nic ip-config address-pool add -g rg-ratings --nic-name vm-ratingsVMNic --ip-config-name ipconfigvm-ratings \
  --lb-name lb-ratings --address-pool vms -o none
az network private-link-service create -g rg-ratings -n pls-ratings --vnet-name vnet-ratings --subnet snet-link \
  --lb-name lb-ratings --lb-frontend-ip-configs front -o none
SERVICE=$(az network private-link-service show -g rg-ratings -n pls-ratings --query id -o tsv)
az network private-endpoint create -g $RG -n pe-ratings --vnet-name vnet-shop --subnet snet-endpoints \
  --private-connection-resource-id "$SERVICE" --connection-name ratings --manual-request true -o none
if ! broken pe-ratings; then
  CONNECTION=$(az network private-link-service show -g rg-ratings -n pls-ratings --query 'privateEndpointConnections[0].name' -o tsv)
  az network private-link-service connection update -g rg-ratings --service-name pls-ratings -n "$CONNECTION" \
    --connection-status Approved -o none
fi

# Two clusters of different plugins.
az identity create -g $RG -n id-aks -o none
IDENTITY=$(az identity show -g $RG -n id-aks --query id -o tsv)
az role assignment create --assignee-object-id "$(az identity show -g $RG -n id-aks --query principalId -o tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none
subnet() { az network vnet subnet show -g $RG --vnet-name vnet-$1 -n snet-$2 --query id -o tsv; }
COMMON="--node-count 2 --network-plugin azure --outbound-type userDefinedRouting --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10"
az aks create -g $RG -n aks-shop $COMMON --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 \
  --vnet-subnet-id "$(subnet shop nodes)" --assign-identity "$IDENTITY" --generate-ssh-keys -o none
az aks create -g $RG -n aks-data $COMMON --vnet-subnet-id "$(subnet data nodes)" --pod-subnet-id "$(subnet data pods)" \
  --assign-identity "$IDENTITY" --generate-ssh-keys -o none
for APP in shop:web:10.10.1.10 data:stock:10.20.1.10 data:reports:10.20.1.11; do
  IFS=: read -r CLUSTER NAME ADDRESS <<< "$APP"
  az aks get-credentials -g $RG -n aks-$CLUSTER --overwrite-existing > /dev/null
  kubectl apply -f - > /dev/null <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: $NAME }
spec:
  selector: { matchLabels: { app: $NAME } }
  template:
    metadata: { labels: { app: $NAME } }
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

az vm create -g $RG -n vm-jump --image Ubuntu2204 --vnet-name vnet-hub --subnet snet-shared \
  --public-ip-address "" --nsg "" --generate-ssh-keys -o none
