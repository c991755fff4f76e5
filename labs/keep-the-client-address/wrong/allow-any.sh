# caught-by: build-to-first, build-to-fourth, build-to-other-ports
# over-permissive
# like: solution.sh
# - az network nsg rule update --resource-group rg-news --nsg-name nsg-nodes --name AllowProbe \
# -   --destination-port-ranges "$PORT" --output none
# + az network nsg rule create --resource-group rg-news --nsg-name nsg-nodes --name AllowAll --priority 105 --direction Inbound --access Allow --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' --output none
