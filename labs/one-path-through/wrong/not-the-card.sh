# caught-by: orders-to-ledger, other-node-to-ledger, orders-to-archive, orders-to-ssh, orders-to-next-port, orders-to-batch, batch-to-ledger, jump-to-ledger, ledger-alone
# like: solution.sh
# - for GROUP in nsg-data nsg-ledger; do
# + for GROUP in nsg-data; do
