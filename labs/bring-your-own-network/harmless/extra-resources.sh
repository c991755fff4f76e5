# More than asked for: another subnet, another VM, a Service, a third node, a route of ours.
# like: solution.sh

az network vnet subnet create --resource-group rg-corp --vnet-name vnet-corp --name snet-spare --address-prefixes 10.60.9.0/24 --output none
az vm create --resource-group rg-corp --name vm-spare --image Ubuntu2204 --vnet-name vnet-corp --subnet snet-spare \
  --admin-username learner --generate-ssh-keys --output none
az network route-table route create --resource-group rg-corp --route-table-name rt-aks --name to-nowhere \
  --address-prefix 10.99.0.0/16 --next-hop-type None --output none
az aks nodepool scale --resource-group rg-corp --cluster-name aks-corp --name nodepool1 --node-count 3 --output none
kubectl expose deployment web --port=80
kubectl scale deployment web --replicas=9
kubectl create deployment other --image=httpd --replicas=2
