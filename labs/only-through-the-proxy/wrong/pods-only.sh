# caught-by: node-direct, nothing-direct
# over-permissive
# A network policy keeps pods in. Nodes do not read it, nor do pods that share the address of one.
# like: solution.sh
# -   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
# +   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --network-policy calico --generate-ssh-keys -o none
# - az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --network-security-group nsg-nodes -o none
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: inside }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]
YAML
