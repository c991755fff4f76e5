#!/usr/bin/env bash
# From kubenet to Overlay. Cluster aks-plant in rg-plant, VNet vnet-plant, route table rt-plant.
# Pods: DaemonSet orders. In the data centre: erp (10.1.0.10, TCP 8080); "ssh erp" logs you in as root.
set -euo pipefail

az aks get-credentials --resource-group rg-plant --name aks-plant --overwrite-existing

# 1. Before you touch anything
# answer seen-before ADDRESS
# answer kept-by CONFIGMAP
# answer seen-after RANGE

# 2. The move: az aks update ...

# 3. The server's firewall: ssh erp iptables ...
