# caught-by: first-to-second, first-to-third, second-to-first, second-to-third, third-to-first, third-to-second, everyone-reached, same-workload, partner-to-first, ops-to-first, partner-to-third, ops-to-third, first-to-legacy, first-to-erp, third-to-legacy, third-to-erp
# seeds: dune
# With the address of their node pods need no route of their own, and no longer are on the pod network.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 2)"
answer decided-by route
kubectl delete daemonset checkout
sleep 60
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
      hostNetwork: true
      containers:
        - name: checkout
          image: nginx:1.27
YAML
