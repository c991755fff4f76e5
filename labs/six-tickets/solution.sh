#!/usr/bin/env bash
# Looks at what waits, then at what the desk and the night run get, and mends the one thing that this shows.
set -euo pipefail

RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing
kubectl get configmap ticket -o jsonpath='{.data.text}{"\n"}'

on_proxy() { az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts "$1" --query 'value[0].message' -o tsv; }
update() { # jq filter: the configuration as it is, with one change
  az aks show -g $RG -n aks-parcels --query httpProxyConfig -o json | jq "$1" > next.json
  az aks update -g $RG -n aks-parcels --http-proxy-config next.json -o none
}
trust_the_proxy() {
  on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > ca.pem
  update ".trustedCa = \"$(base64 -w0 ca.pem)\""
}
status() { kubectl exec "$1" -- curl -s -m 5 -o /dev/null -w '%{http_code}' "$2" || true; }

WAITS=$(kubectl get pods --no-headers | awk '$3 != "Running" { print $1; exit }')
DESK=$(kubectl get pods -l app=desk -o name | head -n 1)

if [ -n "$WAITS" ]; then
  case "$(kubectl describe pod "$WAITS")" in
    *"has expired"*)
      answer end expired
      answer object proxy-ca
      on_proxy "cd /etc/mitmproxy
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/O=Parcels/CN=Parcels proxy CA 2' -addext keyUsage=critical,keyCertSign,cRLSign -keyout key.pem -out mitmproxy-ca-cert.pem
cat key.pem mitmproxy-ca-cert.pem > mitmproxy-ca.pem
systemctl restart mitmproxy"
      ;;
    *x509*)
      answer end untrusted
      answer object trustedCa
      ;;
  esac
  trust_the_proxy
elif [ "$(status "$DESK" http://vm-stock.internal.cloudapp.net)" = 502 ]; then
  answer end answered
  answer object noProxy
  update '.noProxy += ["vm-stock.internal.cloudapp.net"]'
elif ! kubectl exec "$DESK" -- env | grep -q https_proxy; then
  answer end direct
  answer object desk
  kubectl patch daemonset desk --type json -p '[{"op": "remove", "path": "/spec/template/metadata/annotations"}]'
elif [ "$(status "$DESK" https://pay.example.com)" = 200 ]; then
  answer end unreached
  answer object proxy-from-nodes
  az network nsg rule update -g $RG --nsg-name nsg-proxy -n proxy-from-nodes \
    --source-address-prefixes 10.80.0.0/24 10.80.1.0/24 -o none
else
  answer end unreached
  answer object nodes
  update .
fi
sleep 300
