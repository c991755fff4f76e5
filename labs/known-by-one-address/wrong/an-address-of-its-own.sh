# caught-by: own-source, whole-prefix, nobody-by-gateway
# like: solution.sh
# - az network nat gateway create -g rg-send -n nat-send --public-ip-prefixes prefix-send -o none
# + az network public-ip create -g rg-send -n pip-other --sku Standard -o none
# + az network nat gateway create -g rg-send -n nat-send --public-ip-addresses pip-other -o none
