# A Service, a second namespace, one pod more, a rule of ours for something else, an
# upgrade at once.
# like: solution.sh
# - kubectl create deployment line --image=nginx:1.27 --replicas=52
# + kubectl create deployment line --image=nginx:1.27 --replicas=53
# + kubectl expose deployment line --port=80
# + kubectl create namespace later

az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name AllowWeb --priority 2000 \
  --direction Inbound --access Allow --protocol Tcp --source-address-prefixes Internet --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges 80 --output none
az aks upgrade --resource-group rg-works --name aks-works --kubernetes-version \
  "$(az aks get-upgrades --resource-group rg-works --name aks-works --query 'controlPlaneProfile.upgrades[-1].kubernetesVersion' --output tsv)" --yes --output none
