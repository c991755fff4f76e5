# caught-by: office-to-stock, as-meant
# over-permissive
# seeds: amber
# The stock answers everybody.
# like: solution.sh
az network nsg rule update -g $RG --nsg-name nsg-stock -n stock-from-nodes --source-address-prefixes '*' -o none
