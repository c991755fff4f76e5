# Network Contributor on the subnet, by hand, instead of a role of its own.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az role assignment create --role "AKS subnet user" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
# + az role assignment create --role "Network Contributor" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
