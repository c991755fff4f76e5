# caught-by: orders-to-ledger, other-node-to-ledger, orders-to-archive, orders-to-ssh, orders-to-next-port, orders-to-batch, batch-to-ledger, jump-to-ledger, data-alone, ledger-alone
# like: solution.sh
# -     --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
# -     --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
# - done
# +     --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges 5432 \
# +     --destination-address-prefixes "$LEDGER" --destination-port-ranges '*' -o none
# + done
