# caught-by: historian-to-pod, contractor-to-pod, contractor-to-agents, closed-after-upgrade
# Closing the peer closes it to the historian too.
# like: solution.sh
# - # The machines of the other team first, then the rest of the subnet.
# - az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name AllowContractorToAgents \
# -   --priority 200 --direction Inbound --access Allow --protocol Tcp \
# -   --source-address-prefixes 10.80.9.0/24 --source-port-ranges '*' \
# -   --destination-address-prefixes 10.70.0.4 10.70.0.5 10.70.0.6 10.70.0.7 10.70.0.8 10.70.0.9 \
# -   --destination-port-ranges 22 --output none
# - az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name DenyContractor \
# + az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name DenyControlRoom \
#
# -   --priority 300 --direction Inbound --access Deny --protocol '*' \
# -   --source-address-prefixes 10.80.9.0/24 --source-port-ranges '*' \
# +   --priority 300 --direction Inbound --access Deny --protocol '*' \
# +   --source-address-prefixes 10.80.0.0/16 --source-port-ranges '*' \
