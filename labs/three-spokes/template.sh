#!/usr/bin/env bash
# Hub and spokes at the works (rg-works): nothing is connected yet.
set -euo pipefail

RG=rg-works
FIREWALL=$(az network firewall show -g $RG -n fw-hub --query 'ipConfigurations[0].privateIPAddress' -o tsv)

# 1. Links between the hub and each spoke.

# 2. Routes: for the spokes, and for what the gateway brings in.

# 3. Rules: one for each call of the list.
