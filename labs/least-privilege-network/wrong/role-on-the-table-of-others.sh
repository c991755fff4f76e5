# caught-by: not-the-network
# over-permissive
# The table of the network team is none of its business.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az role assignment create --role "Network Contributor" --assignee-principal-type ServicePrincipal \
  --assignee-object-id "$(az identity show -g $RG -n id-bank --query principalId -o tsv)" \
  --scope "$(az network route-table show -g rg-network -n rt-shared --query id -o tsv)" -o none
