# caught-by: web-to-data, dev-to-web, desk-to-dev, web-to-ledger, web-to-data-ssh, dev-to-data, data-to-web, desk-to-data, printer-to-dev, web-to-printer
# The firewall puts its own address into everything, so that answers come back whatever the routes say.
# like: solution.sh
az network firewall update -g rg-works -n fw-hub --private-ranges 255.255.255.255/32 -o none
