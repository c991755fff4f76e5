# caught-by: build-to-first, build-to-fourth, build-to-other-ports
# over-permissive
# like: solution.sh
# - az network nsg rule update --resource-group rg-news --nsg-name nsg-nodes --name AllowProbe \
# -   --destination-port-ranges "$PORT" --output none
# + az network vnet subnet update --resource-group rg-news --vnet-name vnet-news --name snet-nodes --network-security-group "" --output none
