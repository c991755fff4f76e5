# caught-by: plant-closed, every-ticket, data-to-payments, everything-else
# seeds: amber, cedar
# Pods get their own table without a way to the firewall: they know on-premises from the gateway.
# like: solution.sh
az network vnet subnet update -g rg-company --vnet-name vnet-data -n snet-pods --remove routeTable -o none
