# caught-by: build-ssh, whole-subnet
# over-permissive
# SSH is open to every machine of the administrators.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --access Allow --protocol Tcp --source-address-prefixes 10.60.8.10 --source-port-ranges '*' \
# +   --access Allow --protocol Tcp --source-address-prefixes 10.60.8.0/24 --source-port-ranges '*' \
