#: from plugins-world PLUGIN=overlay
#
# Two more neighbours for the Overlay cluster: a second cluster in the same VNet with the same pod range,
# crowded enough that every address of its nodes' ranges is likely taken; and a VNet inside the pod range,
# peered after the cluster was made.
az network vnet subnet create --resource-group rg-app --vnet-name vnet-app --name snet-two --address-prefixes 10.20.10.0/24 --output none
TWO=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-app --name snet-two --query id --output tsv)
az aks create --resource-group rg-app --name aks-two --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$TWO" --assign-identity "$IDENTITY" --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-app --name aks-two --only-show-errors
kubectl create deployment crowd --image=nginx --replicas=470 > /dev/null
kubectl run caller --image=wbitt/network-multitool > /dev/null
kubectl config use-context aks-app > /dev/null

az network vnet create --resource-group rg-app --name vnet-archive --address-prefixes 10.244.64.0/20 --output none
az network vnet subnet create --resource-group rg-app --vnet-name vnet-archive --name snet-archive --address-prefixes 10.244.64.0/24 --default-outbound-access true --output none
az network vnet peering create --resource-group rg-app --vnet-name vnet-app --name to-archive --remote-vnet vnet-archive --allow-vnet-access --output none
az network vnet peering create --resource-group rg-app --vnet-name vnet-archive --name to-app --remote-vnet vnet-app --allow-vnet-access --output none
ARCHIVE=$(az network vnet subnet show --resource-group rg-app --vnet-name vnet-archive --name snet-archive --query id --output tsv)
az vm create --resource-group rg-app --name vm-archive --image Ubuntu2204 --subnet "$ARCHIVE" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
az vm run-command invoke --resource-group rg-app --name vm-archive --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
