# caught-by: pod-to-pod, pod-to-pod-back, node-to-node, node-to-pod, build-pod
# Denies everything of the VNet, the nodes among themselves too.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --access Deny --protocol '*' --source-address-prefixes 10.60.8.0/24 --source-port-ranges '*' \
# +   --access Deny --protocol '*' --source-address-prefixes VirtualNetwork --source-port-ranges '*' \
