# Ping from the nodes, a rule that counts, a Service, another pod range and the Cilium data plane on top.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --pod-cidr 172.16.0.0/16 --output none
az aks update --resource-group $RG --name aks-plant --network-dataplane cilium --output none
kubectl expose daemonset orders --port=80 2> /dev/null || kubectl create service clusterip orders --tcp=80:80
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
ssh erp iptables -I INPUT 3 -s "$NODES" -p icmp -j ACCEPT
ssh erp iptables -I INPUT 1 -s 10.60.9.0/24
