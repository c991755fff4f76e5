# caught-by: orders-to-ledger, other-node-to-ledger, orders-to-archive, orders-to-ssh, orders-to-next-port, orders-to-batch, batch-to-ledger, jump-to-ledger, nodes-alone
# like: solution.sh
# - az network nsg rule create -g rg-bank --nsg-name nsg-nodes -n AllowLedger --priority 1500 --direction Outbound \
# + az network nsg rule create -g rg-bank --nsg-name nsg-nodes -n AllowLedger --priority 1500 --direction Inbound \
