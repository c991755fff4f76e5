# caught-by: same-workload
# Deletes the cluster and builds another one: Overlay, after an outage.
set -euo pipefail
RG=rg-plant
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
NODES=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query addressPrefix --output tsv)
answer seen-before "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
answer kept-by azure-ip-masq-agent-config
answer seen-after "$NODES"
az aks delete --resource-group $RG --name aks-plant --yes
SUBNET_ID=$(az network vnet subnet show --resource-group $RG --vnet-name vnet-plant --name snet-nodes --query id --output tsv)
az aks create --resource-group $RG --name aks-plant --node-count 3 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 --vnet-subnet-id "$SUBNET_ID" \
  --assign-identity "$(az identity show --resource-group $RG --name id-plant --query id --output tsv)" --generate-ssh-keys --output none
az aks get-credentials --resource-group $RG --name aks-plant --overwrite-existing
kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: orders
spec:
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      containers:
        - name: orders
          image: nginx:1.27
YAML
ssh erp iptables -R INPUT 5 -s "$NODES" -p tcp --dport 8080 -j ACCEPT
