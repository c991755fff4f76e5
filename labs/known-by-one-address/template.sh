#!/usr/bin/env bash
# Two clusters in rg-send whose addresses a receiver can write down: aks-managed, with a NAT gateway that AKS makes, and
# aks-own, in snet-nodes of vnet-send, with a gateway of yours and the addresses of prefix-send.
set -euo pipefail

# 1. aks-managed: two addresses, idle timeout 10 minutes, and a Deployment probe
#    az aks create ... --outbound-type managedNATGateway ...
#    answer managed ADDRESS,ADDRESS

# 2. aks-own: gateway nat-send, then the cluster, and a Deployment probe

# 3. What the gateways can carry
#    answer same-destination NUMBER
#    answer customer balancer|gateway
