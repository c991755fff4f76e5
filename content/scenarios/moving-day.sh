#: seed moving-day
#: clock 2026-09-01T09:00:00Z
#: on-premises-host erp 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-app ports=443
#
# A kubenet cluster that has lived: its own route table with a route of the network team, a masquerade
# list of somebody's own, and a VM in the nodes' subnet that calls pods directly.
az group create --name rg-app --location westeurope --output none
az network vnet create --resource-group rg-app --name vnet-app --address-prefixes 10.20.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.20.0.0/24 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-app --name snet-tools --address-prefixes 10.20.8.0/24 --output none
az network route-table create --resource-group rg-app --name rt-nodes --output none
az network route-table route create --resource-group rg-app --route-table-name rt-nodes --name to-archive --address-prefix 10.99.0.0/16 --next-hop-type None --output none
az network vnet subnet update --resource-group rg-app --vnet-name vnet-app --name snet-nodes --route-table rt-nodes --output none
az identity create --resource-group rg-app --name id-aks --output none
IDENTITY=$(az identity show --resource-group rg-app --name id-aks --query id --output tsv)
NODES=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-nodes --query id --output tsv)
az aks create --resource-group rg-app --name aks-app --network-plugin kubenet --node-count 2 --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$NODES" --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-app --name aks-app --only-show-errors
kubectl create deployment web --image=nginx --replicas=4 > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: { name: azure-ip-masq-agent-config, namespace: kube-system }
data:
  ip-masq-agent: |
    nonMasqueradeCIDRs:
      - 172.16.99.0/24
    masqLinkLocal: true
YAML
az vm create --resource-group rg-app --name vm-monitor --image Ubuntu2204 --subnet "$NODES" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
