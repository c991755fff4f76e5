# caught-by: first-pod-reaches-erp, third-pod-reaches-erp, nodes-to-come, nobody-else
# Opens Azure's side wide: it was never closed. What drops the packet stands in the data centre.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
kubectl delete configmap azure-ip-masq-agent-config --namespace kube-system
az aks update --resource-group $RG --name aks-plant --network-plugin azure --network-plugin-mode overlay --output none
az network nsg create --resource-group $RG --name nsg-open --output none
for DIRECTION in Inbound Outbound; do
  az network nsg rule create --resource-group $RG --nsg-name nsg-open --name Open$DIRECTION --priority 100 --direction $DIRECTION \
    --access Allow --protocol '*' --source-address-prefixes '*' --destination-port-ranges '*' --output none
done
az network vnet subnet update --resource-group $RG --vnet-name vnet-plant --name snet-nodes --network-security-group nsg-open --output none
