# caught-by: batch-to-ledger, jump-to-ledger, data-alone, ledger-alone
# over-permissive
# like: solution.sh
# -     --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
# +     --access Allow --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' \
