# caught-by: first-pod-reaches-erp, third-pod-reaches-erp, nodes-to-come
# The right rule, behind the one that drops everything: nothing ever gets to it.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
ssh erp iptables -D INPUT 5
ssh erp iptables -A INPUT -s "$NODES" -p tcp --dport 8080 -j ACCEPT
