# Pods are kept in twice: by a network policy, and by the group of the subnet.
# like: solution.sh
# -   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
# +   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --network-policy calico --generate-ssh-keys -o none
kubectl apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: inside }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]
YAML
