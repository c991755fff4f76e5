# The rules are written anew, in another order, with a policy instead of the last rule; the answers come last.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
POD_ADDRESS=$(kubectl get pods -l app=orders -o jsonpath='{.items[1].status.podIP}')
ssh erp bash -s <<RULES
iptables -P INPUT DROP
iptables -F INPUT
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -s 10.60.8.0/24,$NODES -p tcp --dport http-alt -j ACCEPT
iptables -A INPUT -p tcp -s 10.1.5.0/24 --dport ssh -j ACCEPT
iptables -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
RULES
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
answer kept-by kube-system/azure-ip-masq-agent-config
answer seen-after "$NODES"
answer seen-before "$POD_ADDRESS:43210"
