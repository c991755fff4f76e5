#!/usr/bin/env bash
# A cluster that was there before its proxy: it is updated, which makes its nodes anew, and then its routes are closed.
set -euo pipefail

RG=rg-shut
az network public-ip create -g $RG -n pip-nodes --sku Standard -o none
az network nat gateway create -g $RG -n natgw-nodes --public-ip-addresses pip-nodes -o none
az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --nat-gateway natgw-nodes -o none
az aks create -g $RG -n aks-shut --node-count 2 --network-plugin azure --outbound-type userAssignedNATGateway \
  --vnet-subnet-id "$(az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-nodes --query id -o tsv)" --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-shut --overwrite-existing
kubectl create deployment web --image=nginx --replicas=2
kubectl expose deployment web --port=80
kubectl create deployment caller --image=nicolaka/netshoot --replicas=2 -- sleep infinity

az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 200 --direction Inbound --access Allow --protocol Tcp \
  --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts 'cat /root/.mitmproxy/mitmproxy-ca-cert.pem' \
  --query 'value[0].message' -o tsv | sed -n '/BEGIN/,/END/p' > ca.pem
cat > proxy.json <<JSON
{ "httpProxy": "http://10.20.0.4:8080", "httpsProxy": "http://10.20.0.4:8080",
  "noProxy": ["svc", "web.default.svc.cluster.local", "10.30.0.4"], "trustedCa": "$(base64 -w0 ca.pem)" }
JSON
az aks update -g $RG -n aks-shut --http-proxy-config proxy.json -o none

# Made anew, the pods get the variables; and instead of the image's authorities they have the proxy's.
kubectl create configmap trusted --from-file=ca-certificates.crt=ca.pem
kubectl patch deployment caller -p '{"spec":{"template":{"spec":{
  "volumes":[{"name":"trusted","configMap":{"name":"trusted"}}],
  "containers":[{"name":"netshoot","volumeMounts":[{"name":"trusted","mountPath":"/etc/ssl/certs/ca-certificates.crt","subPath":"ca-certificates.crt"}]}]}}}}'
kubectl rollout status deployment caller

az network route-table create -g $RG -n rt-nodes -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n api-server --next-hop-type Internet \
  --address-prefix "$(dig +short "$(az aks show -g $RG -n aks-shut --query fqdn -o tsv)")/32" -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n all --address-prefix 0.0.0.0/0 --next-hop-type None -o none
az network vnet subnet update -g $RG --vnet-name vnet-aks -n snet-nodes --route-table rt-nodes -o none
