# caught-by: batch-to-archive
# like: solution.sh
# + az network nsg rule create -g rg-bank --nsg-name nsg-data -n OnlyTheLedger --priority 120 --direction Inbound --access Deny --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 5432 -o none
