# caught-by: own-source, whole-prefix
# over-permissive
# like: solution.sh
# + az network public-ip create -g rg-send -n pip-other --sku Standard -o none
# + az network nat gateway update -g rg-send -n nat-send --public-ip-addresses pip-other -o none
