# caught-by: batch-to-ledger, jump-to-ledger, data-alone, ledger-alone
# over-permissive
# seeds: cedar
# like: solution.sh
# -     --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
# +     --access Allow --protocol Tcp --source-address-prefixes VirtualNetwork --source-port-ranges '*' \
