#!/usr/bin/env bash
# A firewall that allows one name, a default route to it, and then the cluster. Pods read the store of their node, which
# has the proxy's certificate already.
set -euo pipefail

RG=rg-shut
az network vnet subnet create -g $RG --vnet-name vnet-aks -n AzureFirewallSubnet --address-prefixes 10.10.2.0/26 -o none
az network public-ip create -g $RG -n pip-fw --sku Standard -o none
az network firewall create -g $RG -n fw-shut -o none
az network firewall ip-config create -g $RG --firewall-name fw-shut -n main --public-ip-address pip-fw --vnet-name vnet-aks -o none
az network firewall application-rule create -g $RG --firewall-name fw-shut --collection-name names -n api-server --action Allow --priority 200 \
  --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns '*.hcp.westeurope.azmk8s.io' -o none
az network route-table create -g $RG -n rt-nodes -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n all --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance \
  --next-hop-ip-address "$(az network firewall show -g $RG -n fw-shut --query 'ipConfigurations[0].privateIPAddress' -o tsv)" -o none
az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --route-table rt-nodes -o none

az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 100 --direction Inbound --access Allow --protocol Tcp \
  --source-address-prefixes 10.10.0.0/24 --destination-address-prefixes 10.20.0.4 --destination-port-ranges 8080 -o none
az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts 'base64 -w0 /root/.mitmproxy/mitmproxy-ca-cert.pem' \
  --query 'value[0].message' -o tsv | grep '^LS0t' > ca.base64
cat > proxy.json <<JSON
{ "httpProxy": "http://10.20.0.4:8080", "noProxy": ["cluster.local", "10.30.0.0/24", "10.30.0.4"], "trustedCa": "$(cat ca.base64)" }
JSON

az aks create -g $RG -n aks-shut --node-count 2 --network-plugin azure --network-plugin-mode overlay --outbound-type userDefinedRouting \
  --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)" \
  --http-proxy-config proxy.json --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-shut --overwrite-existing
kubectl create deployment web --image=nginx --replicas=2
kubectl expose deployment web --port=80
kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: { name: caller }
spec:
  replicas: 2
  selector: { matchLabels: { app: caller } }
  template:
    metadata: { labels: { app: caller } }
    spec:
      containers:
        - name: caller
          image: nicolaka/netshoot
          command: [sleep, infinity]
          volumeMounts: [{ name: trusted, mountPath: /etc/ssl/certs, readOnly: true }]
      volumes: [{ name: trusted, hostPath: { path: /etc/ssl/certs } }]
YAML
kubectl rollout status deployment caller
