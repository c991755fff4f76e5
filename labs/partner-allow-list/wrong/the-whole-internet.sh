# caught-by: old-address-out, neighbour-out, stranger-out
# over-permissive
# like: solution.sh
# - az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$NEW/32" --output none
# + az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes Internet --output none
