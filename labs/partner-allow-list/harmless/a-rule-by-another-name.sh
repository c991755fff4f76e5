# like: solution-2.sh
# - az network nsg rule delete --subscription Partner -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop
# + az network nsg rule update --subscription Partner -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop --access Deny -o none
# + az aks update -g rg-pay -n aks-pay --tags owner=payments -o none
