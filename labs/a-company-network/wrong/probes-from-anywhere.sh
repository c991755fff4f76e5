# caught-by: everything-else
# over-permissive
# A probe from anywhere is a caller from anywhere.
# like: solution.sh
az network nsg rule update -g rg-ratings --nsg-name nsg-ratings -n probes --source-address-prefixes '*' -o none
