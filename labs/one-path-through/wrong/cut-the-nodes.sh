# caught-by: pod-to-pod
# like: solution.sh
# + az network nsg rule create -g rg-bank --nsg-name nsg-nodes -n OnlyTheLedger --priority 900 --direction Outbound --access Deny --protocol '*' --source-address-prefixes 10.244.0.0/16 --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
