#!/usr/bin/env bash
set -euo pipefail

# Which node: the one whose load balancer metric shows failed connections towards pay while a checkout there fails.
for POD in $(kubectl get pods -l app=checkout -o jsonpath='{.items[*].metadata.name}'); do
  if [ "$(netpath --from "pod/default/$POD" --to http://pay.example.com -o json | jq -r .disposition)" = snat-exhausted ]; then
    FULL=$(kubectl get pod "$POD" -o jsonpath='{.status.hostIP}')
  fi
done
answer node "$FULL"
answer ports 1,024

# Who: connections that stay count once, those that come and go count for the time that their ports wait.
case $(kubectl get pods -o jsonpath='{.items[*].spec.containers[0].args}' | tr ']' '\n' | grep pay.example | grep -c disable-keepalive || true) in
  1) answer deployment deployment/statements ;;
  *) answer deployment "$(kubectl get pods --field-selector "spec.nodeName=$(kubectl get nodes -o json |
    jq -r --arg ip "$FULL" '.items[] | select(any(.status.addresses[]; .address == $ip)) | .metadata.name')" -o json |
    jq -r '[.items[] | select(.spec.containers[0].args // [] | any(. == "http://pay.example.com/"))
      | {app: .metadata.labels.app, c: (.spec.containers[0].args[3] | tonumber)}]
      | group_by(.app) | map({app: .[0].app, c: (map(.c) | add)}) | max_by(.c) | .app')" ;;
esac

# Three addresses of which each node gets a generous share; the share is a multiple of 8.
az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 3 -o none
az aks update -g rg-shop -n aks-shop --load-balancer-outbound-ports 40000 -o none
sleep 600

az network public-ip prefix create -g rg-shop -n prefix-later --length 31 -o none
az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-egress --idle-timeout 30 -o none
az network vnet subnet update -g rg-shop --vnet-name vnet-shop -n snet-nodes --nat-gateway nat-shop -o none
az aks update -g rg-shop -n aks-shop --outbound-type userAssignedNATGateway -o none
