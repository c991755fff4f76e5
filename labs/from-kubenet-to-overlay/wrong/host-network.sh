# caught-by: pods-reach-each-other, first-pod-reaches-erp, third-pod-reaches-erp, port-22-stays-closed
# Puts the pods on their nodes' network, so that they call as the node anyway: they are no pods of an Overlay any more.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl patch daemonset orders --type merge --patch '{"spec":{"template":{"spec":{"hostNetwork":true}}}}'
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
