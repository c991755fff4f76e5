# caught-by: jump-to-shop, everything-else
# over-permissive
# seeds: birch
# Without the group customers get the shop, and so does the hub.
# like: solution.sh
az network vnet subnet update -g rg-company --vnet-name vnet-shop -n snet-nodes --remove networkSecurityGroup -o none
