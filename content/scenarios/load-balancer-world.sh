#: seed shop
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#: internet-host laptop 198.51.100.7 ports=22
#: internet-host stranger 192.0.2.66 ports=22
#: on-premises-host till 192.168.10.20 prefix=192.168.10.0/24 vnet=vnet-shop ports=22,80
#
# A shop on an Overlay cluster of three nodes. Its pods run on the first two, a client pod on the third. Beside the
# nodes' subnet there is one for internal load balancers and one with a VM; vnet-office is a peered VNet with a VM, and
# till stands in a branch office behind a private connection.
az group create --name rg-shop --location westeurope --output none
az network vnet create --resource-group rg-shop --name vnet-shop --address-prefixes 10.40.0.0/16 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --address-prefixes 10.40.0.0/24 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-frontends --address-prefixes 10.40.1.0/24 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-tools --address-prefixes 10.40.2.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-shop --name vnet-office --address-prefixes 10.50.0.0/16 --subnet-name snet-office --subnet-prefixes 10.50.0.0/24 --output none
az network vnet peering create --resource-group rg-shop --vnet-name vnet-shop --name to-office --remote-vnet vnet-office --allow-vnet-access --output none
az network vnet peering create --resource-group rg-shop --vnet-name vnet-office --name to-shop --remote-vnet vnet-shop --allow-vnet-access --output none

az identity create --resource-group rg-shop --name id-aks --output none
IDENTITY=$(az identity show --resource-group rg-shop --name id-aks --query id --output tsv)
PRINCIPAL=$(az identity show --resource-group rg-shop --name id-aks --query principalId --output tsv)
VNET=$(az network vnet show --resource-group rg-shop --name vnet-shop --query id --output tsv)
NODES=$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --query id --output tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$VNET" --output none

az aks create --resource-group rg-shop --name aks-shop --node-count 3 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$NODES" --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-shop --name aks-shop --only-show-errors

kubectl create namespace shop > /dev/null
kubectl config set-context --current --namespace shop > /dev/null
number=0
for placed in web-a:web web-b:web client:client; do
  node=$(kubectl get nodes --output jsonpath="{.items[$number].metadata.name}")
  number=$((number + 1))
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: ${placed%%:*}, labels: { app: ${placed##*:} } }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers:
    - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done

for vm in vm-tools:vnet-shop:snet-tools vm-office:vnet-office:snet-office; do
  IFS=: read -r name vnet subnet <<< "$vm"
  az vm create --resource-group rg-shop --name "$name" --image Ubuntu2204 --vnet-name "$vnet" --subnet "$subnet" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
done
