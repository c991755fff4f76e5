# caught-by: ops-to-node, partner-to-node, pod-to-pod
# seeds: amber, birch
# Closed to the partner, and to everybody else, to the other nodes too.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# - # Another home for the pool, behind the same NSG.
# + # A rule set of its own for the new subnet: nobody comes in, not even nodes and operators.
#
# - another_home() {
# + another_home() {
# +   az network nsg create -g $RG -n nsg-work-2 -o none
# +   az network nsg rule create -g $RG --nsg-name nsg-work-2 -n DenyVnetInBound --priority 400 --direction Inbound \
# +     --access Deny --protocol '*' --source-address-prefixes VirtualNetwork --source-port-ranges '*' \
# +     --destination-address-prefixes '*' --destination-port-ranges '*' -o none
#
# -     --network-security-group nsg-mill -o none
# +     --network-security-group nsg-work-2 -o none
