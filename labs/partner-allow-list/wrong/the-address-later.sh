# caught-by: never-silent
# like: solution.sh
# - az network nat gateway create --resource-group rg-pay --name nat-pay --public-ip-addresses pip-egress \
# -   --idle-timeout 10 --output none
# + az network nat gateway create --resource-group rg-pay --name nat-pay --output none
# - # AKS takes its outbound rule and the old address away.
# + az network nat gateway update --resource-group rg-pay --name nat-pay --public-ip-addresses pip-egress --output none
