# caught-by: stock-closed, every-ticket, shop-to-reports, everything-else
# over-permissive
# seeds: cedar
# The spokes are peered, and what they say to each other no longer meets the firewall.
# like: solution.sh
for PAIR in shop:data data:shop; do
  az network vnet peering create -g rg-company --vnet-name vnet-${PAIR%:*} -n ${PAIR/:/-to-} --remote-vnet vnet-${PAIR#*:} --allow-vnet-access -o none
done
