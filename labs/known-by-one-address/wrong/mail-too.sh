# caught-by: mail-as-before
# over-permissive
# like: solution.sh
# + az network vnet subnet update -g rg-send --vnet-name vnet-send -n snet-mail --nat-gateway nat-send -o none
