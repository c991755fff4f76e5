# caught-by: whole-subnet
# over-permissive
# Names the machines that there are, and forgets those that come.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --access Deny --protocol '*' --source-address-prefixes 10.60.8.0/24 --source-port-ranges '*' \
# +   --access Deny --protocol '*' --source-address-prefixes 10.60.8.10 10.60.8.4 --source-port-ranges '*' \
