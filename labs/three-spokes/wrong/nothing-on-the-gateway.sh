# caught-by: desk-to-dev, web-to-ledger, both-ways, desk-to-data, printer-to-dev, web-to-printer, the-rest
# What comes from on-premises goes to the spokes by the peering, and the answer through the firewall.
# like: solution.sh
# - az network vnet subnet update -g $RG --vnet-name vnet-hub -n GatewaySubnet --route-table rt-gateway -o none
