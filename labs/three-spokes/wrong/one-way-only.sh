# caught-by: web-to-data, both-ways, dev-to-data, web-to-data-ssh, data-to-web, the-rest
# The data has no route back.
# like: solution.sh
az network vnet subnet update -g rg-works --vnet-name vnet-data -n snet-data --remove routeTable -o none
