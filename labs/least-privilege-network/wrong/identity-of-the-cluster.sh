# caught-by: own-identity
# The cluster makes an identity for itself, and az gives it the role afterwards.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --vnet-subnet-id "$SUBNET_ID" --assign-identity "$(az identity show -g $RG -n id-bank --query id -o tsv)" \
# -   --skip-subnet-role-assignment --generate-ssh-keys -o none
# +   --vnet-subnet-id "$SUBNET_ID" \
# +   --generate-ssh-keys -o none
