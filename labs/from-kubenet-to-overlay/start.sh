#: on-premises-host erp 10.1.0.10 prefix=10.1.0.0/16 vnet=vnet-plant ports=22,8080 routes-to-azure=10.244.0.0/16
#: on-premises-host printer 10.1.20.15 prefix=10.1.0.0/16 vnet=vnet-plant ports=9100 routes-to-azure=10.244.0.0/16
#: on-premises-host admin 10.1.5.7 prefix=10.1.0.0/16 vnet=vnet-plant routes-to-azure=10.244.0.0/16

RG=rg-plant
case "$LAB_VARIANT" in
  mill) NODES=10.60.4.0/23 ;;
  *) NODES=10.60.1.0/24 ;;
esac

az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-plant -l westeurope --address-prefixes 10.60.0.0/16 -o none
az network route-table create -g $RG -n rt-plant -l westeurope -o none
az network vnet subnet create -g $RG --vnet-name vnet-plant -n snet-nodes --address-prefixes $NODES --route-table rt-plant -o none
# Replies of the data centre come in here and need the routes to the nodes' pod ranges.
az network vnet subnet create -g $RG --vnet-name vnet-plant -n GatewaySubnet --address-prefixes 10.60.255.0/27 \
  --route-table rt-plant -o none
az network vnet subnet create -g $RG --vnet-name vnet-plant -n snet-reports --address-prefixes 10.60.8.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-plant -n snet-guests --address-prefixes 10.60.9.0/24 -o none

az identity create -g $RG -n id-plant -o none
IDENTITY_ID=$(az identity show -g $RG -n id-plant --query id -o tsv)
az role assignment create --assignee "$(az identity show -g $RG -n id-plant --query principalId -o tsv)" \
  --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none
SUBNET_ID=$(az network vnet subnet show -g $RG --vnet-name vnet-plant -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-plant --node-count 3 --network-plugin kubenet --pod-cidr 10.244.0.0/16 \
  --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 --vnet-subnet-id "$SUBNET_ID" \
  --assign-identity "$IDENTITY_ID" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-plant > /dev/null

for VM in reports guests; do
  az vm create -g $RG -n vm-$VM --image Ubuntu2204 --vnet-name vnet-plant --subnet snet-$VM \
    --admin-username azureuser --generate-ssh-keys --public-ip-address "" -o none
done

kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata:
  name: azure-ip-masq-agent-config
  namespace: kube-system
data:
  ip-masq-agent: |
    nonMasqueradeCIDRs:
      - 10.1.0.0/16
    masqLinkLocal: true
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: orders
spec:
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: nginx:1.27
          ports:
            - containerPort: 80
YAML
sleep 60

ssh erp bash -s <<'FIREWALL'
iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -s 10.1.5.0/24 -p tcp --dport 22 -j ACCEPT
iptables -A INPUT -s 10.60.8.0/24 -p tcp --dport 8080 -j ACCEPT
iptables -A INPUT -s 10.244.0.0/16 -p tcp --dport 8080 -j ACCEPT
iptables -A INPUT -j DROP
FIREWALL
