#!/usr/bin/env bash
# Checkout times out. Cluster aks-shop in rg-shop, VNet vnet-shop, route table rt-shop,
# NSGs nsg-nodes-1 and nsg-nodes-2. Pods: DaemonSet checkout, one on each node.
set -euo pipefail

az aks get-credentials --resource-group rg-shop --name aks-shop --overwrite-existing

# 1. Look first. Which node is cut off, and what decides it: route, nsg or node?
# answer cut-off NODE
# answer decided-by route

# 2. Then mend what is broken, and nothing else.
