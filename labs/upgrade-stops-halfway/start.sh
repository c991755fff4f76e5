#: on-premises-host ledger 10.98.0.10 prefix=10.98.0.0/16 vnet=vnet-mill ports=443

RG=rg-mill
SUBNET=10.50.1.0/25
NODES=3
SCALES=2
NETWORK="--network-plugin azure"
POOL=""
case "$LAB_VARIANT" in
  amber) NODES=4 ;;
  birch) SCALES=10 ;;
  cedar)
    SUBNET=10.50.1.0/24
    NODES=5
    POOL="--max-surge 100%"
    ;;
  dune) POOL="--enable-cluster-autoscaler --min-count 3 --max-count 4" ;;
  ember) NETWORK="--network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/22" ;;
esac

az group create -n $RG -l westeurope -o none

# Nobody of the partner gets at the machines of the mill.
az network nsg create -g $RG -n nsg-mill -o none
az network nsg rule create -g $RG --nsg-name nsg-mill -n DenyPartnerInBound --priority 400 --direction Inbound \
  --access Deny --protocol '*' --source-address-prefixes 10.50.9.0/24 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none

az network vnet create -g $RG -n vnet-mill --address-prefixes 10.50.0.0/16 -o none
az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-system --address-prefixes 10.50.0.0/24 \
  --network-security-group nsg-mill -o none
az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-work --address-prefixes $SUBNET \
  --network-security-group nsg-mill -o none
az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-ops --address-prefixes 10.50.8.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-partner --address-prefixes 10.50.9.0/24 -o none
subnet() { az network vnet subnet show -g $RG --vnet-name vnet-mill -n "$1" --query id -o tsv; }

az aks create -g $RG -n aks-mill --kubernetes-version 1.34 $NETWORK --node-count 2 --max-pods 30 \
  --nodepool-name system --vnet-subnet-id "$(subnet snet-system)" --service-cidr 172.20.0.0/16 \
  --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors -o none
if [ "$LAB_VARIANT" = ember ]; then NODES=1; fi
az aks nodepool add -g $RG --cluster-name aks-mill -n work --node-count $NODES --max-pods 30 \
  --vnet-subnet-id "$(subnet snet-work)" $POOL --only-show-errors -o none
az aks get-credentials -g $RG -n aks-mill --only-show-errors

# The weighing machines of another team live beside the nodes.
for NUMBER in $(seq $SCALES); do
  az vm create -g $RG -n vm-scale-$NUMBER --image Ubuntu2204 --vnet-name vnet-mill --subnet snet-work --nsg "" \
    --public-ip-address "" --admin-username azureuser --generate-ssh-keys -o none
done
for VM in ops partner; do
  az vm create -g $RG -n vm-$VM --image Ubuntu2204 --vnet-name vnet-mill --subnet snet-$VM --nsg "" \
    --public-ip-address "" --admin-username azureuser --generate-ssh-keys -o none
done

# Last night.
az aks upgrade -g $RG -n aks-mill --kubernetes-version 1.35 --control-plane-only --yes -o none
az aks nodepool upgrade -g $RG --cluster-name aks-mill -n system --kubernetes-version 1.35 --yes -o none
if [ "$LAB_VARIANT" = ember ]; then
  az aks nodepool scale -g $RG --cluster-name aks-mill -n work --node-count 2 -o none
fi
kubectl create deployment press --image=nginx --replicas=24 > /dev/null
kubectl create deployment orders --image=nginx --replicas=6 > /dev/null
az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none 2> /dev/null || true
