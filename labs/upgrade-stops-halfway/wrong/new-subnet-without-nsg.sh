# caught-by: partner-to-node, partner-outside
# over-permissive
# seeds: amber, birch
# An NSG belongs to a subnet: the new one has none, and lets the partner in.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# - # Another home for the pool, behind the same NSG.
# + # Another home for the pool.
#
# -   az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-work-2 --address-prefixes 10.50.16.0/24 \
# -     --network-security-group nsg-mill -o none
# +   az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-work-2 --address-prefixes 10.50.16.0/24 -o none
