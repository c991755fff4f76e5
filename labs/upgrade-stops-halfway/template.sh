#!/usr/bin/env bash
# The upgrade of pool work did not get through. Cluster aks-mill in rg-mill, VNet vnet-mill, NSG nsg-mill.
set -euo pipefail

az aks get-credentials --resource-group rg-mill --name aks-mill --overwrite-existing

# 1. Look first, then commit yourself: which range is too short, by how many addresses, and because of what?
# answer short-of RANGE
# answer missing NUMBER
# answer because size, surge, autoscaler or neighbours

# 2. Then bring pool work to the version of the control plane, in a way that lets the next upgrade through too.
