# caught-by: never-silent
# like: solution.sh
# - # Both addresses, before either can be missed.
# - az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$OLD" "$NEW/32" --output none
