#!/usr/bin/env bash
# A Node Subnet cluster in a subnet that is already there. Fixed: resource group rg-works in
# westeurope, VNet vnet-works, subnet snet-line (10.70.0.0/25), its NSG nsg-line, cluster aks-works.
set -euo pipefail

# 1. The sum, before anything is built
# answer room NUMBER
# answer plan-of-30 NUMBER

# 2. The cluster: az aks create --network-plugin azure --node-count ... --max-pods ...

# 3. az aks get-credentials, then 52 pods with the label app=line that answer on port 80

# 4. What the historian and the licence server see: a ConfigMap in kube-system

# 5. Rules of nsg-line for the contractor
