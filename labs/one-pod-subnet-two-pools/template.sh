#!/usr/bin/env bash
# One subnet for the pods of two pools. Fixed: resource group rg-depot in westeurope, VNet vnet-depot,
# node subnets snet-front and snet-batch, cluster aks-depot with the pools front and batch.
set -euo pipefail

# 1. The sums
# answer nodes-in-24 NUMBER
# answer stranded NUMBER
# answer held-at-25 NUMBER

# 2. A subnet for pods within 10.90.4.0/22, half of which stays free, and an NSG for it

# 3. The cluster: az aks create --nodepool-name front --vnet-subnet-id ... --pod-subnet-id ...
#    and az aks nodepool add --name batch ...

# 4. Deployment front: 12 pods on pool front, port 80. Deployment batch: 60 pods on pool batch, port 8080.

# 5. Rules: only vm-meter, only the pods of batch
