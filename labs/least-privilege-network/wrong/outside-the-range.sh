# caught-by: own-network
# Another range than the one that was given.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az network vnet create -g $RG -n vnet-bank -l westeurope --address-prefixes 10.60.0.0/20 -o none
# + az network vnet create -g $RG -n vnet-bank -l westeurope --address-prefixes 10.60.0.0/16 -o none
