# caught-by: build-to-first, build-to-fourth, build-to-other-ports
# over-permissive
# like: solution.sh
# - az network nsg rule update --resource-group rg-news --nsg-name nsg-nodes --name AllowProbe \
# -   --destination-port-ranges "$PORT" --output none
# + az network nsg rule delete --resource-group rg-news --nsg-name nsg-nodes --name DenyRest
