#: seed snat
#: clock 2026-09-01T09:00:00Z
#: internet-host pay 203.0.113.80 dns=pay.example.com ports=80,443
#: internet-host archive 198.51.100.90 dns=archive.example.com ports=80,443
#
# An Overlay cluster of two nodes that leaves by its load balancer, with a pod that can make load on the first node and a
# tool on each. Beside it, in a subnet of their own, a machine with a public address and one with nothing at all; and a
# machine in a peered network.
az group create --name rg-shop --location westeurope --output none
az network vnet create --resource-group rg-shop --name vnet-shop --address-prefixes 10.40.0.0/16 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --address-prefixes 10.40.0.0/24 --output none
az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-tools --address-prefixes 10.40.2.0/24 --default-outbound-access true --output none
az network vnet create --resource-group rg-shop --name vnet-office --address-prefixes 10.50.0.0/16 --subnet-name snet-office --subnet-prefixes 10.50.0.0/24 --output none
az network vnet peering create --resource-group rg-shop --vnet-name vnet-shop --name to-office --remote-vnet vnet-office --allow-vnet-access --output none
az network vnet peering create --resource-group rg-shop --vnet-name vnet-office --name to-shop --remote-vnet vnet-shop --allow-vnet-access --output none
az network public-ip create --resource-group rg-shop --name pip-own --sku Standard --allocation-method Static --output none
for vm in vm-own:vnet-shop:snet-tools:pip-own vm-plain:vnet-shop:snet-tools: vm-office:vnet-office:snet-office:; do
  IFS=: read -r name vnet subnet address <<< "$vm"
  az vm create --resource-group rg-shop --name "$name" --image Ubuntu2204 --vnet-name "$vnet" --subnet "$subnet" --public-ip-address "$address" --nsg "" --generate-ssh-keys --only-show-errors --output none
done

SUBNET=$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --query id --output tsv)
az aks create --resource-group rg-shop --name aks-shop --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-shop --name aks-shop --only-show-errors
number=0
for placed in tool-a:wbitt/network-multitool:0 tool-b:wbitt/network-multitool:1 loader:williamyeh/hey:0; do
  IFS=: read -r name image number <<< "$placed"
  node=$(kubectl get nodes --output jsonpath="{.items[$number].metadata.name}")
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $name }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers:
    - { name: main, image: $image$( [ "$name" = loader ] && echo ', command: [sleep, infinity]') }
YAML
done
