# caught-by: same-workload
# seeds: ember
# The node is mended, but the workload was taken away and made anew.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing
node_at() { kubectl get nodes -o json | jq -r --argjson at "$1" '[.items[] | {range: .spec.podCIDR, name: .metadata.name}] | sort_by(.range) | .[$at].name'; }
answer cut-off "$(node_at 0)"
answer decided-by node
for NODE in $(kubectl get nodes -o name); do
  kubectl debug $NODE --profile=sysadmin --image=busybox -- sysctl -w net.ipv4.ip_forward=1
done
kubectl get daemonset checkout -o yaml > checkout.yaml
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
      containers:
        - name: checkout
          image: nginx:1.27
YAML
