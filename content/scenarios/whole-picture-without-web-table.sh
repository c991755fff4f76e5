#: from whole-picture
#
# Somebody has taken the route table off the nodes of the web spoke.
az network vnet subnet update --resource-group rg-harbour --vnet-name vnet-web --name snet-nodes --remove routeTable --output none
