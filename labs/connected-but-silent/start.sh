#: on-premises-host plant 192.168.10.20 prefix=192.168.10.0/24 vnet=vnet-hub ports=443

RG=rg-books
az group create -n $RG -l westeurope -o none
for SITE in hub:10.50:shared aks:10.60:nodes data:10.61:db guest:10.70:desk; do
  IFS=: read -r NAME RANGE SUBNET <<< "$SITE"
  az network vnet create -g $RG -n vnet-$NAME --address-prefixes $RANGE.0.0/16 \
    --subnet-name snet-$SUBNET --subnet-prefixes $RANGE.0.0/24 -o none
done
az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-internal --address-prefixes 10.60.1.0/28 -o none
az network vnet subnet create -g $RG --vnet-name vnet-data -n snet-report --address-prefixes 10.61.1.0/24 -o none
# Of the archive's old range, which the VNet has from the beginning where nothing is wrong with it.
if [ "$LAB_VARIANT" != birch ]; then
  az network vnet update -g $RG -n vnet-data --address-prefixes 10.61.0.0/16 10.62.0.0/16 -o none
fi

peer() { az network vnet peering create -g $RG --vnet-name vnet-$1 -n $1-to-$2 --remote-vnet vnet-$2 "${@:3}" -o none; }
ACCESS=--allow-vnet-access
if [ "$LAB_VARIANT" = cedar ]; then ACCESS=; fi
TRANSIT=--use-remote-gateways
if [ "$LAB_VARIANT" = flint ]; then TRANSIT=; fi
peer hub aks --allow-vnet-access --allow-gateway-transit
peer aks hub --allow-vnet-access $TRANSIT
peer aks data $ACCESS
peer data aks --allow-vnet-access
# Guests: peered for a project that is over. The links stay, and what they allow is off.
peer aks guest
peer guest aks --allow-vnet-access
peer data guest
peer guest data --allow-vnet-access

if [ "$LAB_VARIANT" = birch ]; then
  az network vnet update -g $RG -n vnet-data --address-prefixes 10.61.0.0/16 10.62.0.0/16 -o none
fi
az network vnet subnet create -g $RG --vnet-name vnet-data -n snet-archive --address-prefixes 10.62.0.0/24 -o none

# Groups: Azure's default rules, and at the database two of our own.
for NAME in aks data; do az network nsg create -g $RG -n nsg-$NAME -o none; done
NODES=10.60.0.0/24
if [ "$LAB_VARIANT" = dune ]; then NODES=10.244.0.0/16; fi
az network nsg rule create -g $RG --nsg-name nsg-data -n db-from-books --priority 200 --direction Inbound --access Allow \
  --protocol Tcp --source-address-prefixes $NODES --source-port-ranges '*' \
  --destination-address-prefixes 10.61.0.0/24 --destination-port-ranges 80 -o none
az network nsg rule create -g $RG --nsg-name nsg-data -n db-from-nobody-else --priority 300 --direction Inbound --access Deny \
  --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \
  --destination-address-prefixes 10.61.0.0/24 --destination-port-ranges '*' -o none

# Routes, most of them of things that are long gone.
route() { az network route-table route create -g $RG --route-table-name rt-$1 -n "$2" --address-prefix "$3" --next-hop-type "${@:4}" -o none; }
for NAME in aks data archive; do
  az network route-table create -g $RG -n rt-$NAME -o none
  route $NAME lab-2024 10.63.0.0/16 None
  route $NAME partner 172.18.0.0/16 VirtualAppliance --next-hop-ip-address 10.50.0.9
done
case "$LAB_VARIANT" in
  amber) route aks warehouse 10.61.0.0/24 VirtualAppliance --next-hop-ip-address 10.50.0.9 ;;
  ember) route archive storefront 10.60.0.0/16 VirtualAppliance --next-hop-ip-address 10.50.0.9 ;;
esac
for PLACE in aks:nodes:aks data:db:data data:report:data data:archive:archive; do
  IFS=: read -r NETWORK SUBNET NAME <<< "$PLACE"
  az network vnet subnet update -g $RG --vnet-name vnet-$NETWORK -n snet-$SUBNET \
    --route-table rt-$NAME --network-security-group nsg-$NETWORK -o none
done

az identity create -g $RG -n id-aks -o none
IDENTITY=$(az identity show -g $RG -n id-aks --query id -o tsv)
az role assignment create --assignee-object-id "$(az identity show -g $RG -n id-aks --query principalId -o tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" \
  --scope "$(az group show -n $RG --query id -o tsv)" -o none
SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-books --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" \
  --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-books > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: books }
spec:
  selector: { matchLabels: { app: books } }
  template:
    metadata: { labels: { app: books } }
    spec:
      containers:
        - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Service
metadata:
  name: books
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet: snet-internal
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.60.1.10
spec:
  type: LoadBalancer
  selector: { app: books }
  ports: [{ port: 80, targetPort: 80 }]
YAML

for PLACE in db:data:db report:data:report archive:data:archive guest:guest:desk; do
  IFS=: read -r NAME NETWORK SUBNET <<< "$PLACE"
  az vm create -g $RG -n vm-$NAME --image Ubuntu2204 --vnet-name vnet-$NETWORK --subnet snet-$SUBNET \
    --public-ip-address "" --nsg "" --generate-ssh-keys -o none
  az vm run-command invoke -g $RG -n vm-$NAME --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
done
