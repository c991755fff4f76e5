#!/usr/bin/env bash
# The cluster first, and then a security group that denies its nodes the internet, but for the API server's address.
set -euo pipefail

RG=rg-shut
az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 200 --direction Inbound --access Allow --protocol Tcp \
  --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none

az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts 'cat /root/.mitmproxy/mitmproxy-ca-cert.pem' \
  --query 'value[0].message' -o tsv | sed -n '/BEGIN/,/END/p' > proxy-ca.pem
cat > proxy.json <<JSON
{
  "httpProxy": "http://10.20.0.4:8080",
  "httpsProxy": "http://10.20.0.4:8080",
  "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
  "trustedCa": "$(base64 -w0 proxy-ca.pem)"
}
JSON

SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-shut --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-shut --overwrite-existing

FQDN=$(az aks show -g $RG -n aks-shut --query fqdn -o tsv)
SERVER=$(dig +short "$FQDN")
az network nsg create -g $RG -n nsg-nodes -o none
az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowApiServer --priority 200 --direction Outbound --access Allow --protocol Tcp \
  --source-address-prefixes '*' --destination-address-prefixes "$SERVER" --destination-port-ranges 443 -o none
az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyInternet --priority 300 --direction Outbound --access Deny --protocol '*' \
  --source-address-prefixes '*' --destination-address-prefixes Internet --destination-port-ranges '*' -o none
az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --network-security-group nsg-nodes -o none

kubectl create configmap proxy-ca --from-file=proxy-ca.pem
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
          env: [{ name: SSL_CERT_FILE, value: /etc/proxy/proxy-ca.pem }]
          volumeMounts: [{ name: ca, mountPath: /etc/proxy }]
      volumes: [{ name: ca, configMap: { name: proxy-ca } }]
YAML
sleep 60
