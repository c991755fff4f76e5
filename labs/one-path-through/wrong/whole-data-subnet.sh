# caught-by: orders-to-archive, nodes-alone, data-alone
# over-permissive
# like: solution.sh
# - LEDGER=$(az vm list-ip-addresses -g rg-bank -n vm-ledger \
# -   --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv)
# + LEDGER=$(az network vnet subnet show -g rg-bank --vnet-name vnet-bank -n snet-data --query addressPrefix -o tsv)
