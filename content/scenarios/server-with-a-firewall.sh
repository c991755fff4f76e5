#: seed server-with-a-firewall
#: clock 2026-09-01T09:00:00Z
#: on-premises-host erp 10.1.0.10 prefix=10.1.0.0/16 vnet=vnet-plant ports=22,8080 routes-to-azure=10.244.0.0/16
#: on-premises-host printer 10.1.20.15 prefix=10.1.0.0/16 vnet=vnet-plant ports=9100 routes-to-azure=10.244.0.0/16
#
# A kubenet cluster whose pods a server in the data centre knows by their own addresses: a masquerade list
# spares its range, the gateway's subnet has the routes back, and its firewall admits the pod range.
az group create --name rg-plant --location westeurope --output none
az network vnet create --resource-group rg-plant --name vnet-plant --address-prefixes 10.60.0.0/16 --output none
az network route-table create --resource-group rg-plant --name rt-plant --output none
az network vnet subnet create --resource-group rg-plant --vnet-name vnet-plant --name snet-nodes --address-prefixes 10.60.1.0/24 --route-table rt-plant --output none
az network vnet subnet create --resource-group rg-plant --vnet-name vnet-plant --name GatewaySubnet --address-prefixes 10.60.255.0/27 --route-table rt-plant --output none
az network vnet subnet create --resource-group rg-plant --vnet-name vnet-plant --name snet-reports --address-prefixes 10.60.8.0/24 --output none
az network vnet subnet create --resource-group rg-plant --vnet-name vnet-plant --name snet-guests --address-prefixes 10.60.9.0/24 --output none
az identity create --resource-group rg-plant --name id-plant --output none
IDENTITY=$(az identity show --resource-group rg-plant --name id-plant --query id --output tsv)
NODES=$(az network vnet subnet show --resource-group rg-plant --vnet-name vnet-plant --name snet-nodes --query id --output tsv)
az aks create --resource-group rg-plant --name aks-plant --node-count 2 --network-plugin kubenet --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$NODES" --assign-identity "$IDENTITY" --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-plant --name aks-plant --only-show-errors
for VM in reports guests; do
  az vm create --resource-group rg-plant --name vm-$VM --image Ubuntu2204 --vnet-name vnet-plant --subnet snet-$VM --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
done
kubectl run orders --image=nginx > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: { name: azure-ip-masq-agent-config, namespace: kube-system }
data:
  ip-masq-agent: |
    nonMasqueradeCIDRs:
      - 10.1.0.0/16
    masqLinkLocal: true
YAML
sleep 60
ssh erp bash -s <<'FIREWALL'
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -s 10.60.8.0/24 -p tcp --dport 8080 -j ACCEPT
iptables -A INPUT -s 10.244.0.0/16 -p tcp --dport 8080 -j ACCEPT
iptables -A INPUT -j DROP
FIREWALL
