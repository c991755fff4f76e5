# caught-by: nodes-alone, data-alone, ledger-alone
# over-permissive
# like: solution.sh
# -   --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
# -   --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
# -
# - # Into the data subnet and into the card. Rules with low numbers move back, in their order, to make room in front.
# +   --access Allow --protocol '*' --source-address-prefixes "$NODES" --source-port-ranges '*' \
# +   --destination-address-prefixes "$LEDGER" --destination-port-ranges 5432 -o none
# -     --access Allow --protocol Tcp --source-address-prefixes "$NODES" --source-port-ranges '*' \
# +     --access Allow --protocol '*' --source-address-prefixes "$NODES" --source-port-ranges '*' \
