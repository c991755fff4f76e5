#!/usr/bin/env bash
# Every peering of the bookshop (rg-books) is Connected, and one call fails.
set -euo pipefail

az aks get-credentials --resource-group rg-books --name aks-books --overwrite-existing

# 1. Look first. Which call fails, and is it the request or the answer that is lost?
#    az network vnet peering list -g rg-books --vnet-name vnet-aks -o table
#    netpath --from vm/vm-report --to 10.60.1.10 --port 80
# answer object NAME            a peering, a route or a security rule
# answer lost request|answer

# 2. Then mend that one object.
