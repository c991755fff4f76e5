# caught-by: jump-kubelet, build-ssh, whole-subnet
# over-permissive
# An NSG that no subnet has does nothing.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --network-security-group nsg-nodes --route-table rt-nodes -o none
# +   --route-table rt-nodes -o none
