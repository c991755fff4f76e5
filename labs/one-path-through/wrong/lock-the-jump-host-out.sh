# caught-by: jump-to-ssh
# like: solution.sh
# + az network nsg rule create -g rg-bank --nsg-name nsg-ledger -n OnlyOrders --priority 120 --direction Inbound --access Deny --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
