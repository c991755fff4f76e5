# caught-by: orders-to-ssh, orders-to-next-port, nodes-alone, data-alone, ledger-alone
# over-permissive
# like: solution.sh
# -   --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
# +   --destination-address-prefixes "$LEDGER" --destination-port-ranges '*' -o none
# -     --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
# +     --destination-address-prefixes "$LEDGER" --destination-port-ranges 22 5432-5433 -o none
