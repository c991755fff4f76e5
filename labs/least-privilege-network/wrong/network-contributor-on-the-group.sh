# caught-by: not-neighbours, not-the-network, not-the-group
# over-permissive
# Only networks, but all of them in the group.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az role assignment create --role "AKS subnet user" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
# + az role assignment create --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" --assignee-principal-type ServicePrincipal \
