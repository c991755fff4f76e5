# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmdump --listen-port 8080 --flow-detail 2 --allow-hosts "^(?!(.+\.)?savings\.example$)"
# - rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol '*' \
# -   --destination-address-prefixes Internet --destination-port-ranges '*'
# + az network route-table create -g $RG -n rt-clients -o none
# + az network route-table route create -g $RG --route-table-name rt-clients -n nowhere --address-prefix 0.0.0.0/0 --next-hop-type None -o none
# + az network vnet subnet update -g $RG --vnet-name vnet-watch -n snet-clients --route-table rt-clients -o none
# The other list, turned round; and a route to nowhere instead of a rule.
