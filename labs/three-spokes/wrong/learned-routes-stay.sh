# caught-by: desk-to-dev, web-to-ledger, both-ways, desk-to-data, printer-to-dev, web-to-printer, the-rest
# Spokes answer on-premises by the learned route, past the firewall. The request came through it.
# like: solution.sh
# - az network route-table create -g $RG -n rt-spokes --disable-bgp-route-propagation true -o none
# + az network route-table create -g $RG -n rt-spokes -o none
