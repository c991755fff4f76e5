# like: solution.sh
# + az network nat gateway update --resource-group rg-pay --name nat-pay --idle-timeout 30 --output none
# + az network nsg rule create $PARTNER --name DenyOldOffice --priority 100 --access Deny --protocol '*' --source-address-prefixes 198.18.0.0/15 --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' --output none
# + kubectl scale deployment checkout --replicas 4
