# caught-by: old-address-out
# over-permissive
# like: solution.sh
# - az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$NEW/32" --output none
