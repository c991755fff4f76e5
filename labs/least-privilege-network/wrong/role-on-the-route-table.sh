# caught-by: not-the-network
# over-permissive
# A habit from kubenet: with Azure CNI nobody writes routes.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az role assignment create --role "Network Contributor" --assignee-principal-type ServicePrincipal \
  --assignee-object-id "$(az identity show -g $RG -n id-bank --query principalId -o tsv)" \
  --scope "$(az network route-table show -g $RG -n rt-nodes --query id -o tsv)" -o none
