# caught-by: never-silent, pays, pays-elsewhere, old-address-out, neighbour-out, stranger-out, one-port
# over-permissive
# like: solution.sh
# - az network nsg rule update $PARTNER --name AllowShop --source-address-prefixes "$NEW/32" --output none
# + az network nic update --subscription Partner --resource-group rg-acquirer --name vm-acquirerVMNic --network-security-group "" --output none
