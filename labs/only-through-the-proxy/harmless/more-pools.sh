# A third node, another pool, another order of the last steps.
# like: solution-2.sh
az aks nodepool add -g $RG --cluster-name aks-shut -n second --node-count 1 --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)" -o none
kubectl scale deployment caller --replicas=4
