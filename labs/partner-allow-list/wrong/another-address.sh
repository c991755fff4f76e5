# caught-by: pays, pays-elsewhere, stranger-out, one-port
# like: solution.sh
# - NEW=$(az network public-ip show --resource-group rg-pay --name pip-egress --query ipAddress --output tsv)
# + answer after "$(az network public-ip show --resource-group rg-pay --name pip-egress --query ipAddress --output tsv)"
# + az network public-ip create --resource-group rg-pay --name pip-mine --sku Standard --output none
# + NEW=$(az network public-ip show --resource-group rg-pay --name pip-mine --query ipAddress --output tsv)
# - answer after "$NEW"
# - answer moment attach
# + answer moment attach
# - az network nat gateway create --resource-group rg-pay --name nat-pay --public-ip-addresses pip-egress \
# + az network nat gateway create --resource-group rg-pay --name nat-pay --public-ip-addresses pip-mine \
