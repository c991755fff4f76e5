# caught-by: node-to-api-server, another-node
# The wall without its gate: pods go on, and no node will come.
# like: solution.sh
# - az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowApiServer --priority 200 --direction Outbound --access Allow --protocol Tcp \
# -   --source-address-prefixes '*' --destination-address-prefixes "$SERVER" --destination-port-ranges 443 -o none
