# Trying what a pod subnet does not take changes nothing: a machine in it, another mode, no longer naming it.
# like: solution.sh
# - az aks get-credentials --resource-group rg-depot --name aks-depot
# + az aks get-credentials --resource-group rg-depot --name aks-depot
# +
# + az vm create --resource-group rg-depot --name vm-lost --image Ubuntu2204 --vnet-name vnet-depot --subnet snet-pods \
# +   --nsg "" --public-ip-address "" --admin-username azureuser --generate-ssh-keys --output none || true
# + az aks nodepool add --resource-group rg-depot --cluster-name aks-depot --name blocks --node-count 1 \
# +   --vnet-subnet-id "$BATCH" --pod-subnet-id "$PODS" --pod-ip-allocation-mode StaticBlock --output none || true
# + az aks nodepool add --resource-group rg-depot --cluster-name aks-depot --name mixed --node-count 1 \
# +   --vnet-subnet-id "$BATCH" --output none || true
