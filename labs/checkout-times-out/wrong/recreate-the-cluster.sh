# caught-by: same-workload
# seeds: dune
# A new cluster on the mended subnets works, after an outage of everything: that is no repair.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
answer cut-off "$(kubectl get nodes -l agentpool=shop -o jsonpath='{.items[0].metadata.name}')"
answer decided-by route
az aks delete -g $RG -n aks-shop --yes
az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes-2 --route-table rt-shop -o none
subnet() { az network vnet subnet show -g $RG --vnet-name vnet-shop -n $1 --query id -o tsv; }
az aks create -g $RG -n aks-shop --node-count 2 --nodepool-name system --network-plugin kubenet --pod-cidr 10.244.0.0/16 \
  --vnet-subnet-id "$(subnet snet-nodes-1)" --assign-identity "$(az identity show -g $RG -n id-shop --query id -o tsv)" \
  --generate-ssh-keys -o none
az aks nodepool add -g $RG --cluster-name aks-shop -n shop --node-count 1 --mode User --vnet-subnet-id "$(subnet snet-nodes-2)" -o none
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: checkout
spec:
  selector:
    matchLabels:
      app: checkout
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: checkout
          image: nginx:1.27
YAML
