#: on-premises-host erp 10.0.3.10 prefix=10.0.0.0/13 vnet=vnet-fleet ports=443

RG=rg-fleet
az group create -n $RG -l westeurope -o none

az network vnet create -g $RG -n vnet-fleet -l westeurope --address-prefixes 10.20.0.0/16 -o none
az network vnet subnet create -g $RG --vnet-name vnet-fleet -n snet-fleet-1 --address-prefixes 10.20.0.0/23 -o none
az network vnet subnet create -g $RG --vnet-name vnet-fleet -n snet-ops --address-prefixes 10.20.8.0/24 -o none

# Two teams have VNets of their own. One of them is closer to the pods' range than the other.
az network vnet create -g $RG -n vnet-hub -l westeurope --address-prefixes 10.242.0.0/16 \
  --subnet-name snet-hub --subnet-prefixes 10.242.0.0/24 -o none
az network vnet create -g $RG -n vnet-data -l westeurope --address-prefixes 10.112.0.0/16 \
  --subnet-name snet-data --subnet-prefixes 10.112.0.0/24 -o none
for PEER in hub data; do
  az network vnet peering create -g $RG -n to-$PEER --vnet-name vnet-fleet --remote-vnet vnet-$PEER --allow-vnet-access -o none
  az network vnet peering create -g $RG -n to-fleet --vnet-name vnet-$PEER --remote-vnet vnet-fleet --allow-vnet-access -o none
  az vm create -g $RG -n vm-$PEER --image Ubuntu2204 --vnet-name vnet-$PEER --subnet snet-$PEER \
    --admin-username azureuser --generate-ssh-keys --public-ip-address "" -o none
done
az vm create -g $RG -n vm-ops --image Ubuntu2204 --vnet-name vnet-fleet --subnet snet-ops \
  --admin-username azureuser --generate-ssh-keys --public-ip-address "" -o none

SUBNET_ID=$(az network vnet subnet show -g $RG --vnet-name vnet-fleet -n snet-fleet-1 --query id -o tsv)
az aks create -g $RG -n aks-fleet-1 --node-count 3 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.240.0.0/20 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
  --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-fleet-1 > /dev/null

kubectl apply -f - > /dev/null <<'YAML'
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: scan
spec:
  selector:
    matchLabels:
      app: scan
  template:
    metadata:
      labels:
        app: scan
    spec:
      containers:
        - name: scan
          image: nginx:1.27
YAML
