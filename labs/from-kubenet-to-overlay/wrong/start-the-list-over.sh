# caught-by: administrators-reach-erp, reports-reach-erp, guests-stay-out, port-22-stays-closed, printers-stay-out
# Writes the list anew for the pods and forgets who else is on it.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
ssh erp iptables -F INPUT
ssh erp iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
ssh erp iptables -A INPUT -s "$NODES" -p tcp --dport 8080 -j ACCEPT
ssh erp iptables -P INPUT DROP
