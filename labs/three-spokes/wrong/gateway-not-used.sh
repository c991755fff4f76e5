# caught-by: desk-to-dev, web-to-ledger, both-ways, desk-to-data, printer-to-dev, web-to-printer, the-rest
# The gateway is lent and nobody takes it.
# like: solution.sh
# -     --allow-vnet-access --allow-forwarded-traffic --use-remote-gateways -o none
# +     --allow-vnet-access --allow-forwarded-traffic -o none
