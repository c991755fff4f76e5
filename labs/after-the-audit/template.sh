#!/usr/bin/env bash
# The cluster aks-library (rg-library) half works since the groups nsg-system and nsg-apps are on its subnets.
set -euo pipefail

az aks get-credentials --resource-group rg-library --name aks-library --overwrite-existing

# 1. Look first. Which call fails, in which group does it end, and which part of which rule was mistyped?
#    az network nsg rule list -g rg-library --nsg-name nsg-apps -o table
#    netpath --from vm/vm-desk --to 10.60.2.10 --port 80
# answer group nsg-system|nsg-apps
# answer rule a17-01|...|a17-10
# answer part priority|protocol|source|source-port|destination|port

# 2. Then mend that, and nothing else.
