# caught-by: build-to-other-ports
# over-permissive
# The probe gets through, and so does everybody else to the same ports.
# like: solution.sh
# - az network nsg rule update --resource-group rg-news --nsg-name nsg-nodes --name AllowProbe \
# -   --destination-port-ranges "$PORT" --output none
# + az network nsg rule create --resource-group rg-news --nsg-name nsg-nodes --name AllowNodePorts --priority 105 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 30000-32767 --output none
