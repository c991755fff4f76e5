#!/usr/bin/env bash
# Room for 300 nodes. Cluster aks-fleet-1 in rg-fleet, VNet vnet-fleet. Pods: DaemonSet scan.
# The data centre behind vnet-fleet is 10.0.0.0/13; erp in it is 10.0.3.10, TCP 443.
set -euo pipefail

az aks get-credentials --resource-group rg-fleet --name aks-fleet-1 --overwrite-existing

# 1. The plan
# answer holds-now NODES
# answer at-once NODES
# answer prefix-length LENGTH

# 2. Widen the pod range of aks-fleet-1. It never shrinks again.

# 3. Cluster aks-fleet-2: a subnet in vnet-fleet, az aks create, az aks get-credentials, pods with the label app=scan
