#!/usr/bin/env bash
# A cluster whose only way out is a firewall, from nothing (rg-vault).
set -euo pipefail

RG=rg-vault

# 1. A network, with a subnet for nodes and one for the firewall.

# 2. The firewall, and a route to it.

# 3. What may leave.

# 4. The cluster aks-vault, and in it the deployment web (image nginx).
