# caught-by: not-neighbours, not-the-network, not-the-group
# over-permissive
# The nodes have an identity of their own, and every pod can get its token.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az role assignment create --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" \
  --assignee-principal-type ServicePrincipal -o none \
  --assignee-object-id "$(az aks show -g $RG -n aks-bank --query identityProfile.kubeletidentity.objectId -o tsv)"
