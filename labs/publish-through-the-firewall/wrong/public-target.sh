# caught-by: customer-to-shop, office-to-admin, every-connection, customer-to-admin
# Translates to the public addresses of the Services, and has no route that brings the answers back to the firewall.
# like: solution-2.sh
# - az network route-table route create -g $RG --route-table-name rt-nodes -n firewall --address-prefix "$PUBLIC/32" \
# -   --next-hop-type Internet -o none
