# like: solution-2.sh
# + az network nsg rule create -g rg-bank --nsg-name nsg-ledger -n DenyBatch --priority 3800 --direction Inbound --access Deny --protocol '*' --source-address-prefixes 192.0.2.0/24 --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
# + az network nsg update -g rg-bank -n nsg-ledger --set tags.owner=ledger-team -o none
# + kubectl scale deployment orders --replicas 4
