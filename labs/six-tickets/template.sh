#!/usr/bin/env bash
# One ticket of a parcel service (rg-parcels) behind a proxy. Each seed is another ticket.
set -euo pipefail

az aks get-credentials --resource-group rg-parcels --name aks-parcels --overwrite-existing
kubectl get configmap ticket -o jsonpath='{.data.text}{"\n"}'

# 1. Look first. Who sends the request that fails, and how far does it get?
#    kubectl get pods
#    netpath --from pod/NAME --to https://pay.example.com
#    az aks show -g rg-parcels -n aks-parcels --query httpProxyConfig
# answer end direct|unreached|answered|untrusted|expired
# answer object NAME            noProxy, httpProxy, trustedCa, proxy-ca, nodes, a rule or a workload

# 2. Then mend that one thing.
