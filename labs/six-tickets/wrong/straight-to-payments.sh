# caught-by: desk-pays, everything, everything-works, desk-past-proxy, node-past-proxy, office-to-proxy, as-meant
# over-permissive
# seeds: fjord
# Opens the way that the desk takes.
# like: solution.sh
# -   kubectl patch daemonset desk --type json -p '[{"op": "remove", "path": "/spec/template/metadata/annotations"}]'
# +   az network nsg rule create -g $RG --nsg-name nsg-nodes -n payments --priority 200 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes Internet --destination-port-ranges 443 -o none
