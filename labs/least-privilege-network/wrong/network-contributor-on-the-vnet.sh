# caught-by: not-neighbours, not-the-network
# over-permissive
# What many guides show: the whole VNet, and so every subnet in it.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az role assignment create --role "AKS subnet user" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
# + az role assignment create --role "Network Contributor" --scope "$(az network vnet show -g $RG -n vnet-bank --query id -o tsv)" --assignee-principal-type ServicePrincipal \
