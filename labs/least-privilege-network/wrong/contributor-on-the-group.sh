# caught-by: not-neighbours, not-the-network, not-the-group
# over-permissive
# It works at once, and the cluster may do anything in the group.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az role assignment create --role "AKS subnet user" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
# + az role assignment create --role Contributor --scope "$(az group show -n $RG --query id -o tsv)" --assignee-principal-type ServicePrincipal \
