#: on-premises-host branch 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-tour ports=80

case "$LAB_VARIANT" in
  amber) SPACE=10.224.0.0/12 NODES=10.224.0.0/16 VMS=10.225.0.0/24 PODS=10.244.0.0/16 FIRST=2 SECOND=1 ;;
  birch) SPACE=172.20.0.0/16 NODES=172.20.4.0/22 VMS=172.20.9.0/27 PODS=10.100.0.0/16 FIRST=1 SECOND=2 ;;
  cedar) SPACE=192.168.0.0/16 NODES=192.168.8.0/25 VMS=192.168.40.0/24 PODS=10.200.0.0/14 FIRST=3 SECOND=2 ;;
esac

RG=rg-tour
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-tour -l westeurope --address-prefixes $SPACE \
  --subnet-name snet-nodes --subnet-prefixes $NODES -o none
az network vnet subnet create -g $RG --vnet-name vnet-tour -n snet-vms --address-prefixes $VMS \
  --default-outbound-access true -o none
az network route-table create -g $RG -n rt-tour -l westeurope -o none
az network vnet subnet update -g $RG --vnet-name vnet-tour -n snet-nodes --route-table rt-tour -o none

az identity create -g $RG -n id-tour -o none
az role assignment create --assignee "$(az identity show -g $RG -n id-tour --query principalId -o tsv)" \
  --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none
SUBNET_ID=$(az network vnet subnet show -g $RG --vnet-name vnet-tour -n snet-nodes --query id -o tsv)

az aks create -g $RG -n aks-tour --node-count $FIRST --nodepool-name first --network-plugin kubenet \
  --pod-cidr $PODS --vnet-subnet-id "$SUBNET_ID" \
  --assign-identity "$(az identity show -g $RG -n id-tour --query id -o tsv)" --generate-ssh-keys -o none
az aks nodepool add -g $RG --cluster-name aks-tour -n second --node-count $SECOND --mode User -o none
az aks get-credentials -g $RG -n aks-tour > /dev/null

kubectl create deployment web --image=nginx --replicas=$((2 * (FIRST + SECOND))) > /dev/null
az vm create -g $RG -n vm-shop --image Ubuntu2204 --vnet-name vnet-tour --subnet snet-vms \
  --admin-username azureuser --generate-ssh-keys --public-ip-address "" -o none
az vm run-command invoke -g $RG -n vm-shop --command-id RunShellScript \
  --scripts "apt-get install -y nginx" -o none
