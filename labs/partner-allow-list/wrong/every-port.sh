# caught-by: one-port
# over-permissive
# like: solution.sh
# + az network nsg rule update $PARTNER --name AllowShop --destination-port-ranges '*' --output none
