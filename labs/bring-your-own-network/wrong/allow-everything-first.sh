# caught-by: kubelet-closed
# over-permissive
# The deny rule is there, but a rule that allows everything comes first.
# like: solution.sh
# -   --destination-address-prefixes '*' --destination-port-ranges 10250 --output none
# +   --destination-address-prefixes '*' --destination-port-ranges 10250 --output none
# + az network nsg rule create --resource-group rg-corp --nsg-name nsg-aks --name AllowAll --priority 100 \
# +   --direction Inbound --access Allow --protocol '*' --source-address-prefixes '*' --destination-port-ranges '*' --output none
