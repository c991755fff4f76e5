# caught-by: own-gateway, own-source, own-to-receiver, customer-to-front, customer-reply, same-destination, whole-prefix, nobody-by-gateway, nobody-to-mail
# like: solution.sh
# - az network nat gateway create -g rg-send -n nat-send --public-ip-prefixes prefix-send -o none
# + az network nat gateway create -g rg-send -n nat-send -o none
