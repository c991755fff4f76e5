# caught-by: given-subnet, contractor-to-pod, contractor-to-node, closed-after-upgrade
# There is room next door, but it was not given, and nsg-line does not stand before it.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
# - SUBNET_ID=$(az network vnet subnet show --resource-group rg-works --vnet-name vnet-works --name snet-line --query id --output tsv)
# + SUBNET_ID=$(az network vnet subnet create --resource-group rg-works --vnet-name vnet-works --name snet-roomy \
# +   --address-prefixes 10.70.1.0/24 --query id --output tsv)
