# like: solution.sh
# + # The same rules in a group of another name, on the same card.
# + az network nsg create -g rg-bank -n nsg-ledger-v2 -o none
# + az network nsg rule create -g rg-bank --nsg-name nsg-ledger-v2 -n Orders --priority 100 --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 5432 -o none
# + az network nsg rule create -g rg-bank --nsg-name nsg-ledger-v2 -n Jump --priority 101 --access Allow --protocol Tcp --source-address-prefixes "$(az vm list-ip-addresses -g rg-bank -n vm-jump --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv)" --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges 22 -o none
# + az network nsg rule create -g rg-bank --nsg-name nsg-ledger-v2 -n Rest --priority 102 --access Deny --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' --destination-port-ranges '*' -o none
# + az network nic update -g rg-bank -n vm-ledgerVMNic --network-security-group nsg-ledger-v2 -o none
