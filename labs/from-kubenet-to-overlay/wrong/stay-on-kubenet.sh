# caught-by: overlay
# Without the list kubenet too calls as the node: erp is content, and the cluster has not moved.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
