#: internet-host reader 203.0.113.10 ports=22
#: internet-host bot 192.0.2.130 ports=22
#: internet-host payments 198.51.100.50 dns=pay.example.com ports=443
#: internet-host registry 198.51.100.60 dns=images.example.com ports=443
#: internet-host mirror 203.0.113.70 dns=ftp.example.com ports=21,80

az group create -n rg-library -l westeurope -o none
az network vnet create -g rg-library -n vnet-library --address-prefixes 10.60.0.0/16 -o none
for SUBNET in system:0 apps:1 internal:2 ops:8; do
  az network vnet subnet create -g rg-library --vnet-name vnet-library -n snet-${SUBNET%:*} \
    --address-prefixes 10.60.${SUBNET#*:}.0/24 -o none
done
for SITE in desks:10.70 guests:10.80; do
  NAME=${SITE%%:*}
  az network vnet create -g rg-library -n vnet-$NAME --address-prefixes ${SITE##*:}.0.0/16 \
    --subnet-name snet-$NAME --subnet-prefixes ${SITE##*:}.0.0/24 -o none
  az network vnet peering create -g rg-library --vnet-name vnet-library -n to-$NAME --remote-vnet vnet-$NAME \
    --allow-vnet-access -o none
  az network vnet peering create -g rg-library --vnet-name vnet-$NAME -n to-library --remote-vnet vnet-library \
    --allow-vnet-access -o none
done
for VM in ops:library:ops desk:desks:desks guest:guests:guests; do
  IFS=: read -r NAME NETWORK SUBNET <<< "$VM"
  az vm create -g rg-library -n vm-$NAME --image Ubuntu2204 --vnet-name vnet-$NETWORK --subnet snet-$SUBNET \
    --public-ip-address "" --nsg "" --generate-ssh-keys -o none
done

az identity create -g rg-library -n id-aks -o none
IDENTITY=$(az identity show -g rg-library -n id-aks --query id -o tsv)
az role assignment create --assignee-object-id "$(az identity show -g rg-library -n id-aks --query principalId -o tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" \
  --scope "$(az network vnet show -g rg-library -n vnet-library --query id -o tsv)" -o none
subnet() { az network vnet subnet show -g rg-library --vnet-name vnet-library -n snet-$1 --query id -o tsv; }
az aks create -g rg-library -n aks-library --node-count 2 --nodepool-name system --network-plugin azure \
  --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$(subnet system)" \
  --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys -o none
az aks nodepool add -g rg-library --cluster-name aks-library -n apps --mode User --node-count 2 \
  --vnet-subnet-id "$(subnet apps)" -o none
az aks get-credentials -g rg-library -n aks-library > /dev/null

# Two apps, one pod of each on every node of the pool apps.
for APP in catalogue loans; do
  kubectl apply -f - > /dev/null <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: $APP }
spec:
  selector: { matchLabels: { app: $APP } }
  template:
    metadata: { labels: { app: $APP } }
    spec:
      nodeSelector: { agentpool: apps }
      containers:
        - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Service
metadata: { name: catalogue }
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: catalogue }
  ports: [{ port: 80, targetPort: 80 }]
---
apiVersion: v1
kind: Service
metadata:
  name: loans
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet: snet-internal
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.60.2.10
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: { app: loans }
  ports: [{ port: 80, targetPort: 80 }]
YAML
PUBLIC=$(kubectl get service catalogue -o jsonpath='{.status.loadBalancer.ingress[0].ip}')

# The audit of last week (A17): one group for each subnet of nodes, with the same rules.
NODES="10.60.0.0/24 10.60.1.0/24"
CLUSTER="$NODES 10.244.0.0/16"
rule() { # group, name, direction, priority, access, protocol, sources, destinations, ports
  az network nsg rule create -g rg-library --nsg-name "$1" -n "$2" --direction "$3" --priority "$4" --access "$5" \
    --protocol "$6" --source-address-prefixes $7 --source-port-ranges '*' --destination-address-prefixes $8 \
    --destination-port-ranges $9 -o none
}
set -f
for GROUP in nsg-system nsg-apps; do
  az network nsg create -g rg-library -n $GROUP -o none
  rule $GROUP a17-01 Inbound 100 Deny '*' 192.0.2.128/25 '*' '*'
  rule $GROUP a17-02 Inbound 200 Allow '*' "$CLUSTER" "$CLUSTER" '*'
  rule $GROUP a17-03 Inbound 300 Allow Tcp AzureLoadBalancer "$NODES" 30000-32767
  rule $GROUP a17-04 Inbound 310 Allow Tcp Internet "$PUBLIC" 80
  rule $GROUP a17-05 Inbound 320 Allow Tcp 10.70.0.0/24 10.60.2.10 80
  rule $GROUP a17-06 Inbound 330 Allow Tcp 10.60.8.0/24 "$NODES" 22
  rule $GROUP a17-07 Inbound 4000 Deny '*' '*' '*' '*'
  rule $GROUP a17-08 Outbound 200 Allow '*' "$CLUSTER" "$CLUSTER" '*'
  rule $GROUP a17-09 Outbound 300 Allow Tcp '*' Internet 443
  rule $GROUP a17-10 Outbound 4000 Deny '*' '*' '*' '*'
done

# What went wrong when somebody typed the list.
mistype() { az network nsg rule update -g rg-library --nsg-name "$@" -o none; }
case "$LAB_VARIANT" in
  amber) mistype nsg-apps -n a17-02 --source-address-prefixes 10.60.1.0/24 10.244.0.0/16 ;;
  birch) mistype nsg-apps -n a17-03 --destination-port-ranges 80 ;;
  cedar) mistype nsg-system -n a17-02 --destination-address-prefixes $NODES 10.224.0.0/16 ;;
  dune) mistype nsg-apps -n a17-04 --destination-address-prefixes $NODES ;;
  ember) mistype nsg-system -n a17-02 --protocol Tcp ;;
  flint) mistype nsg-system -n a17-09 --source-port-ranges 443 ;;
  grove) mistype nsg-apps -n a17-05 --priority 4010 ;;
  heath) mistype nsg-apps -n a17-08 --destination-port-ranges 80 ;;
esac
set +f

for SUBNET in system apps; do
  az network vnet subnet update -g rg-library --vnet-name vnet-library -n snet-$SUBNET \
    --network-security-group nsg-$SUBNET -o none
done
