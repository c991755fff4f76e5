# caught-by: nobody-to-mail
# over-permissive
# like: solution.sh
# + az network nsg rule create -g rg-send --nsg-name nsg-mail -n AllowSsh --priority 100 --access Allow --protocol Tcp --source-address-prefixes Internet --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 22 -o none
