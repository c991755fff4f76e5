# caught-by: may-join
# What is not used today is needed when the next node joins.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az role assignment delete --role "AKS subnet user" --scope "$SUBNET_ID" \
  --assignee "$(az identity show -g $RG -n id-bank --query principalId -o tsv)"
