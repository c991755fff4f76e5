#: seed plugins
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#: on-premises-host erp 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-app ports=80,443
#
# One world, in which only the network plugin differs: PLUGIN is kubenet, node-subnet, pod-subnet,
# pod-subnet-static, overlay or overlay-cilium; overlay-npm and overlay-calico are Overlay with one of the
# other policy engines. The cluster lives in vnet-app; beside it stand a VM in another subnet, a VM in the
# peered vnet-data, and the data centre behind a private connection.
PLUGIN=${PLUGIN:-overlay}

az group create --name rg-app --location westeurope --output none
az network vnet create --resource-group rg-app --name vnet-app --address-prefixes 10.20.0.0/16 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-app --name snet-nodes --address-prefixes 10.20.0.0/23 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-app --name snet-pods --address-prefixes 10.20.4.0/22 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-app --name snet-tools --address-prefixes 10.20.8.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-app --name vnet-data --address-prefixes 10.30.0.0/16 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-data --name snet-data --address-prefixes 10.30.0.0/24 --default-outbound-access true --output none
az network vnet peering create --resource-group rg-app --vnet-name vnet-app --name to-data --remote-vnet vnet-data --allow-vnet-access --output none
az network vnet peering create --resource-group rg-app --vnet-name vnet-data --name to-app --remote-vnet vnet-app --allow-vnet-access --output none

az identity create --resource-group rg-app --name id-aks --output none
IDENTITY=$(az identity show --resource-group rg-app --name id-aks --query id --output tsv)
NODES=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-nodes --query id --output tsv)
PODS=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-pods --query id --output tsv)

case $PLUGIN in
  kubenet) network="--network-plugin kubenet --pod-cidr 10.244.0.0/16" ;;
  node-subnet) network="--network-plugin azure" ;;
  pod-subnet) network="--network-plugin azure --pod-subnet-id $PODS" ;;
  pod-subnet-static) network="--network-plugin azure --pod-subnet-id $PODS --pod-ip-allocation-mode StaticBlock --max-pods 31" ;;
  overlay) network="--network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16" ;;
  overlay-cilium) network="--network-plugin azure --network-plugin-mode overlay --network-dataplane cilium --pod-cidr 10.244.0.0/16" ;;
  overlay-npm) network="--network-plugin azure --network-plugin-mode overlay --network-policy azure --pod-cidr 10.244.0.0/16" ;;
  overlay-calico) network="--network-plugin azure --network-plugin-mode overlay --network-policy calico --pod-cidr 10.244.0.0/16" ;;
  *) echo "plugins-world: no plugin is called $PLUGIN" >&2; exit 2 ;;
esac
# The words of $network are options of their own.
az aks create --resource-group rg-app --name aks-app --node-count 2 $network --vnet-subnet-id "$NODES" --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-app --name aks-app --only-show-errors

# client and neighbour share the first node, far runs on the second.
FIRST=$(kubectl get nodes --output jsonpath='{.items[0].metadata.name}')
SECOND=$(kubectl get nodes --output jsonpath='{.items[1].metadata.name}')
kubectl create namespace demo > /dev/null
for placed in "client $FIRST" "neighbour $FIRST" "far $SECOND"; do
  set -- $placed
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $1, namespace: demo, labels: { app: $1 } }
spec:
  nodeSelector: { kubernetes.io/hostname: $2 }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done

TOOLS=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-tools --query id --output tsv)
DATA=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-data --name snet-data --query id --output tsv)
az vm create --resource-group rg-app --name vm-tools --image Ubuntu2204 --subnet "$TOOLS" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
az vm create --resource-group rg-app --name vm-data --image Ubuntu2204 --subnet "$DATA" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
for vm in vm-tools vm-data; do
  az vm run-command invoke --resource-group rg-app --name "$vm" --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done
