# caught-by: room-left
# Every node at once: the pool asks for room that is not there, and upgrades only because AKS falls back to one.
# like: solution.sh
# - az aks get-credentials --resource-group rg-works --name aks-works
# + az aks get-credentials --resource-group rg-works --name aks-works
# + az aks nodepool update --resource-group rg-works --cluster-name aks-works --name nodepool1 --max-surge 100% --output none
