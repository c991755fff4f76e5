#!/usr/bin/env bash
# A cluster on a network you bring. Fixed: resource group rg-corp in westeurope, VNet vnet-corp,
# cluster aks-corp. The data centre behind the VNet is 10.1.0.0/16.
set -euo pipefail

az group create --name rg-corp --location westeurope

# 1. The VNet, and a subnet for up to 22 nodes

# 2. A route table of yours, attached to that subnet before the cluster exists

# 3. An identity that may write to the VNet and the route table

# 4. The cluster: az aks create --network-plugin kubenet ...

# 5. az aks get-credentials, then pods with the label app=web

# 6. VM vm-probe in another subnet

# 7. An NSG on the node subnet that closes TCP 10250 to the data centre
