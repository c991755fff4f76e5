#: seed nat-managed
#: clock 2026-09-01T09:00:00Z frozen
#: internet-host receiver 203.0.113.80 ports=80,443
#: internet-host customer 198.51.100.7 ports=22
#
# A cluster in a network that AKS made, behind a NAT gateway that AKS made too: two addresses, ten minutes of silence.
# A pod on each node, and a Service that customers call.
az group create --name rg-send --location westeurope --output none
az aks create --resource-group rg-send --name aks-send --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 10 --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-send --name aks-send --only-show-errors
number=0
for name in pod-a pod-b; do
  node=$(kubectl get nodes --output jsonpath="{.items[$number].metadata.name}")
  number=$((number + 1))
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $name, labels: { app: web } }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers:
    - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done
kubectl expose pod pod-a --name front --port 80 --type LoadBalancer > /dev/null
