#: on-premises-host erp 10.98.0.10 prefix=10.98.0.0/16 vnet=vnet-shop ports=443
#: on-premises-host legacy 10.99.0.10 prefix=10.99.0.0/16 vnet=vnet-shop ports=443

RG=rg-shop
az group create -n $RG -l westeurope -o none

az network vnet create -g $RG -n vnet-shop -l westeurope --address-prefixes 10.60.0.0/16 -o none
az network route-table create -g $RG -n rt-shop -l westeurope -o none
az network route-table route create -g $RG --route-table-name rt-shop -n legacy-is-closed \
  --address-prefix 10.99.0.0/16 --next-hop-type None -o none

# One NSG per node subnet, each closing the partner's subnet.
for NUMBER in 1 2; do
  az network nsg create -g $RG -n nsg-nodes-$NUMBER -l westeurope -o none
  az network nsg rule create -g $RG --nsg-name nsg-nodes-$NUMBER -n DenyPartnerInBound --priority 400 \
    --direction Inbound --access Deny --protocol '*' --source-address-prefixes 10.60.9.0/24 \
    --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
  az network vnet subnet create -g $RG --vnet-name vnet-shop -n snet-nodes-$NUMBER \
    --address-prefixes 10.60.$NUMBER.0/24 --route-table rt-shop --network-security-group nsg-nodes-$NUMBER -o none
done
az network vnet subnet create -g $RG --vnet-name vnet-shop -n snet-ops --address-prefixes 10.60.8.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-shop -n snet-partner --address-prefixes 10.60.9.0/24 -o none

az identity create -g $RG -n id-shop -o none
IDENTITY_ID=$(az identity show -g $RG -n id-shop --query id -o tsv)
az role assignment create --assignee "$(az identity show -g $RG -n id-shop --query principalId -o tsv)" \
  --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none

SUBNET_1=$(az network vnet subnet show -g $RG --vnet-name vnet-shop -n snet-nodes-1 --query id -o tsv)
SUBNET_2=$(az network vnet subnet show -g $RG --vnet-name vnet-shop -n snet-nodes-2 --query id -o tsv)
az aks create -g $RG -n aks-shop --node-count 2 --nodepool-name system --network-plugin kubenet \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET_1" --assign-identity "$IDENTITY_ID" \
  --generate-ssh-keys -o none
az aks nodepool add -g $RG --cluster-name aks-shop -n shop --node-count 1 --mode User \
  --vnet-subnet-id "$SUBNET_2" -o none
az aks get-credentials -g $RG -n aks-shop > /dev/null

for VM in ops partner; do
  az vm create -g $RG -n vm-$VM --image Ubuntu2204 --vnet-name vnet-shop --subnet snet-$VM \
    --admin-username azureuser --generate-ssh-keys --public-ip-address "" -o none
done

kubectl apply -f - > /dev/null <<'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: checkout
spec:
  selector:
    matchLabels:
      app: checkout
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: checkout
          image: nginx:1.27
          ports:
            - containerPort: 80
YAML

# The change of last night.
RANGE_OF() { kubectl get node "$1" -o jsonpath='{.spec.podCIDR}'; }
ROUTE_OF() {
  az network route-table route list -g $RG --route-table-name rt-shop \
    --query "[?addressPrefix=='$(RANGE_OF "$1")'].name" -o tsv
}
SYSTEM=$(kubectl get nodes -l agentpool=system -o name | sed 's|node/||')
FIRST=$(echo "$SYSTEM" | head -n 1)
SECOND=$(echo "$SYSTEM" | tail -n 1)
SHOP=$(kubectl get nodes -l agentpool=shop -o name | sed 's|node/||')

case "$LAB_VARIANT" in
  amber)
    az network route-table route update -g $RG --route-table-name rt-shop -n "$(ROUTE_OF "$SECOND")" \
      --next-hop-type VirtualAppliance --next-hop-ip-address 10.60.0.4 -o none
    ;;
  birch)
    az network route-table route create -g $RG --route-table-name rt-shop -n chg-20931 \
      --address-prefix "$(RANGE_OF "$SHOP" | sed 's|/24|/25|')" --next-hop-type None -o none
    ;;
  cedar)
    az network nsg rule create -g $RG --nsg-name nsg-nodes-2 -n chg-20931-in --priority 300 \
      --direction Inbound --access Deny --protocol '*' --source-address-prefixes 10.244.0.0/16 \
      --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
    az network nsg rule create -g $RG --nsg-name nsg-nodes-2 -n chg-20931-out --priority 300 \
      --direction Outbound --access Deny --protocol '*' --source-address-prefixes '*' \
      --source-port-ranges '*' --destination-address-prefixes 10.244.0.0/16 --destination-port-ranges '*' -o none
    ;;
  dune)
    az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes-2 --remove routeTable -o none
    ;;
  ember)
    kubectl debug node/"$FIRST" --profile=sysadmin --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- \
      sysctl -w net.ipv4.ip_forward=0 > /dev/null
    ;;
esac
