# caught-by: partner-to-node, partner-outside
# over-permissive
# seeds: cedar, dune, ember
# An NSG has nothing to do with addresses.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# - answer because $CAUSE
# -
# + answer because $CAUSE
# +
# + az network vnet subnet update -g $RG --vnet-name vnet-mill -n snet-work --remove networkSecurityGroup -o none
# +
