#!/usr/bin/env bash
# A cluster on a network of your own, with the rights it needs and no others. Fixed: resource group rg-bank in
# westeurope, VNet vnet-bank within 10.60.0.0/20, cluster aks-bank, VMs vm-jump and vm-build.
set -euo pipefail

az group create --name rg-bank --location westeurope

# 1. The VNet: a subnet for the nodes, one for the administrators. What belongs to the node subnet?

# 2. An identity, and its right to use the node subnet

# 3. The cluster: az aks create --network-plugin azure ... --assign-identity ... --vnet-subnet-id ...

# 4. az aks get-credentials, then pods with the label app=web

# 5. vm-jump and vm-build in the administrators' subnet, and the rules of the NSG
