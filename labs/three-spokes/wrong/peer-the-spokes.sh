# caught-by: both-ways, web-to-data-ssh, data-to-web, the-rest
# over-permissive
# Web and data are peered, and the firewall never hears of them.
# like: solution.sh
for PAIR in web:data data:web; do
  az network vnet peering create -g rg-works --vnet-name vnet-${PAIR%:*} -n to-${PAIR#*:} --remote-vnet vnet-${PAIR#*:} --allow-vnet-access -o none
done
