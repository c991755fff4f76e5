# caught-by: nothing-else-open
# over-permissive
# seeds: flint
# Mends the source port, and lets UDP out as well, which nobody asked for.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-09
answer part source-port
az network nsg rule update -g $RG --nsg-name nsg-system -n a17-09 --protocol '*' --source-port-ranges '*' -o none
