#!/usr/bin/env bash
# Cluster aks-pay (rg-pay) gets outbound type userAssignedNATGateway, with the address pip-egress. The acquirer
# (subscription Partner, rg-acquirer, nsg-acquirer) never loses us, and lets in no more than it must.
set -euo pipefail

# 1. What changes, and when?
#    answer before ADDRESS
#    answer after ADDRESS
#    answer moment attach|update

# 2. Move. After each of these commands checkout must still reach the acquirer.

# 3. Tidy up
