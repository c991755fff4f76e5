# caught-by: from-reserved
# like: solution.sh
# - az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-egress -o none
# + az network public-ip create -g rg-shop -n pip-mine --sku Standard -o none
# + az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-mine -o none
