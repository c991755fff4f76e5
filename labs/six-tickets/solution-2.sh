#!/usr/bin/env bash
# Asks netpath and the configuration, and mends each thing another way than solution.sh.
set -euo pipefail

RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing

on_proxy() { az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts "$1" --query 'value[0].message' -o tsv; }
config() { az aks show -g $RG -n aks-parcels --query httpProxyConfig -o json; }
ends() { netpath --from "$1" --to "$2" -o json | jq -r .disposition || true; }
fingerprint() { openssl x509 -noout -fingerprint -sha256; }

DESK=$(kubectl get pods -l app=desk -o name | head -n 1)
NIGHT=$(kubectl get pods -l app=night -o name | head -n 1)
on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > ca.pem
config | jq -r .trustedCa | base64 -d > trusted.pem

if [ "$(fingerprint < ca.pem)" != "$(fingerprint < trusted.pem)" ]; then
  # The proxy has another CA than before: the old one is still there.
  answer object proxy-ca
  answer end untrusted
  on_proxy 'rm -r /etc/mitmproxy
mv /etc/mitmproxy.before /etc/mitmproxy
systemctl restart mitmproxy'
elif ! openssl x509 -noout -checkend 0 < ca.pem > /dev/null; then
  # Another certificate for the same key; the nodes get both.
  answer object proxy-ca
  answer end expired
  on_proxy "cd /etc/mitmproxy
openssl req -x509 -new -key key.pem -days 730 -subj '/O=Parcels/CN=Parcels proxy CA' -addext keyUsage=critical,keyCertSign,cRLSign -out mitmproxy-ca-cert.pem
cat key.pem mitmproxy-ca-cert.pem > mitmproxy-ca.pem
systemctl restart mitmproxy"
  on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' >> trusted.pem
  config | jq --arg ca "$(base64 -w0 trusted.pem)" '.trustedCa = $ca' > next.json
  az aks update -g $RG -n aks-parcels --http-proxy-config next.json -o none
elif [ "$(az aks show -g $RG -n aks-parcels --query provisioningState -o tsv)" = Failed ]; then
  answer object nodes
  answer end unreached
  az aks update -g $RG -n aks-parcels -o none
elif [ "$(ends "$DESK" http://vm-stock.internal.cloudapp.net)" != delivered ]; then
  answer object noProxy
  answer end answered
  config | jq '.noProxy = [".svc", ".cluster.local", ".internal.cloudapp.net"]' > next.json
  az aks update -g $RG -n aks-parcels --http-proxy-config next.json -o none
elif [ "$(ends "$NIGHT" https://pay.example.com)" != delivered ]; then
  answer object proxy-from-nodes
  answer end unreached
  az network nsg rule create -g $RG --nsg-name nsg-proxy -n proxy-from-night --priority 210 --access Allow --protocol Tcp \
    --source-address-prefixes 10.80.1.0/24 --destination-address-prefixes 10.82.0.4 --destination-port-ranges 8080 -o none
else
  # The pods bring the variables themselves.
  answer object desk
  answer end direct
  kubectl set env daemonset/desk https_proxy="$(config | jq -r .httpsProxy)" no_proxy="$(config | jq -r '.effectiveNoProxy | join(",")')"
fi
sleep 300
