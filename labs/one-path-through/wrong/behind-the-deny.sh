# caught-by: orders-to-ledger, other-node-to-ledger, orders-to-archive, orders-to-ssh, orders-to-next-port, orders-to-batch, batch-to-ledger, jump-to-ledger, data-alone, ledger-alone
# seeds: amber, cedar
# like: solution.sh
# -   az network nsg rule create -g rg-bank --nsg-name $GROUP -n AllowOrders --priority 110 --direction Inbound \
# +   az network nsg rule create -g rg-bank --nsg-name $GROUP -n AllowOrders --priority 4050 --direction Inbound \
