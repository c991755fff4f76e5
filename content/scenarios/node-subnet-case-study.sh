#: seed node-subnet-case-study
#: clock 2024-02-27T10:00:00Z frozen
#
# The source document's second case study: its names, node addresses and ages.
#
#: pin pool-digits/aks/nodepool1 36884090
#: pin node-age/aks-nodepool1-36884090-vmss000000 583
#: pin node-age/aks-nodepool1-36884090-vmss000001 464
az group create --name rg-cni --location eastus --output none
az aks create --resource-group rg-cni --name aks --kubernetes-version 1.27.7 --network-plugin azure --node-count 2 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-cni --name aks --only-show-errors
kubectl create deployment nginx-deploy --image=nginx --replicas=4 --port=80 > /dev/null
