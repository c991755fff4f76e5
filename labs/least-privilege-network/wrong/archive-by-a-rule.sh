# caught-by: archive-closed
# Closed, but by an NSG: the auditor looks in the route table.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az network route-table route create -g $RG --route-table-name rt-nodes -n archive-is-closed \
# -   --address-prefix 10.99.0.0/16 --next-hop-type None -o none
# + az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyArchive --priority 300 --direction Outbound --access Deny \
# +   --protocol '*' --destination-address-prefixes 10.99.0.0/16 --destination-port-ranges '*' -o none
