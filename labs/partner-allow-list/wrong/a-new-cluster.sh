# caught-by: same-cluster, never-silent, never-closed
# like: solution.sh
# - az aks update --resource-group rg-pay --name aks-pay --outbound-type userAssignedNATGateway --output none
# + SUBNET=$(az network vnet subnet show --resource-group rg-pay --vnet-name vnet-pay --name snet-nodes --query id --output tsv)
# + az aks delete --resource-group rg-pay --name aks-pay --yes
# + az aks create --resource-group rg-pay --name aks-pay --node-count 2 --dns-name-prefix another --network-plugin azure --vnet-subnet-id "$SUBNET" --assign-identity "$(az identity show --resource-group rg-pay --name id-aks --query id --output tsv)" --outbound-type userAssignedNATGateway --service-cidr 192.168.240.0/20 --dns-service-ip 192.168.240.10 --generate-ssh-keys --output none
# + az aks get-credentials --resource-group rg-pay --name aks-pay --overwrite-existing
# + kubectl create deployment checkout --image=wbitt/network-multitool --replicas=2
# + kubectl create deployment shop --image=nginx --replicas=2
# + kubectl expose deployment shop --port 80 --type LoadBalancer
