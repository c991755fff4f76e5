# caught-by: pod-to-core, archive-closed
# The route to None takes core away too.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --address-prefix 10.99.0.0/16 --next-hop-type None -o none
# +   --address-prefix 10.99.0.0/16 --next-hop-type None -o none
# + az network route-table route create -g $RG --route-table-name rt-nodes -n private-is-closed \
# +   --address-prefix 10.1.0.0/16 --next-hop-type None -o none
