#!/usr/bin/env bash
# A cluster that only the proxy lets out (rg-shut).
set -euo pipefail

RG=rg-shut

# 1. Who may ask the proxy, and which certificate does it sign with?

# 2. The cluster aks-shut, with the configuration of its proxy.

# 3. Nothing but the API server is reached without the proxy.

# 4. The Deployments web (nginx, with a Service) and caller (nicolaka/netshoot), two pods each.
#    az aks get-credentials -g $RG -n aks-shut --overwrite-existing
#    kubectl create deployment web --image=nginx --replicas=2
#    kubectl expose deployment web --port=80
#    kubectl create deployment caller --image=nicolaka/netshoot --replicas=2 -- sleep infinity
