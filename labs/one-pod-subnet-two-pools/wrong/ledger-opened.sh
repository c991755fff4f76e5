# caught-by: guest-to-ledger
# over-permissive
# The ledger needed no rule, and now takes calls from everybody.
# like: solution.sh
# - YAML
# -
# + YAML
# +
# + az network nsg rule delete --resource-group rg-depot --nsg-name nsg-ledger --name DenyOthers --output none
# +
