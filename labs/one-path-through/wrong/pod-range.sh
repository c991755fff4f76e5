# caught-by: orders-to-ledger, other-node-to-ledger, orders-to-archive, orders-to-ssh, orders-to-next-port, orders-to-batch, batch-to-ledger, jump-to-ledger, nodes-alone, data-alone, ledger-alone
# like: solution.sh
# - NODES=$(az network vnet subnet show -g rg-bank --vnet-name vnet-bank -n snet-nodes --query addressPrefix -o tsv)
# + NODES=10.244.0.0/16
