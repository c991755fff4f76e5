# caught-by: own-gateway, own-source, own-to-receiver, customer-to-front, customer-reply, same-destination, whole-prefix, nobody-by-gateway, nobody-to-mail
# like: solution.sh
# - az network nat gateway create -g rg-send -n nat-send --public-ip-prefixes prefix-send -o none
# - az network vnet subnet update -g rg-send --vnet-name vnet-send -n snet-nodes --nat-gateway nat-send -o none
