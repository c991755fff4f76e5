# caught-by: seen-before, kept-by, seen-after
# The repair is right; the answers are those of somebody who did not look.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[0].address}')"
answer kept-by azure-ip-masq-agent-config-reconciled
answer seen-after 10.244.0.0/16
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
