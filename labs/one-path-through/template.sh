#!/usr/bin/env bash
# The pods of orders (cluster aks-bank, rg-bank) must reach vm-ledger on TCP 5432, through nsg-nodes, nsg-data and
# nsg-ledger. Nobody and nothing else.
set -euo pipefail

# 1. Who is asked, about what?
#    netpath --from pod/default/POD --to vm/vm-ledger --port 5432
#    az network nsg rule list -g rg-bank --nsg-name nsg-data -o table
#    answer source ADDRESS
#    answer groups NUMBER
#    answer rule NAME

# 2. One rule in each group, in front of the one that denies
