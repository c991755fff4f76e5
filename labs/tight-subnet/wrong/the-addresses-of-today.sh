# caught-by: closed-after-upgrade
# Every pod and node by its address: true until pods move.
# like: solution.sh
# - # The machines of the other team first, then the rest of the subnet.
# - az network nsg rule create --resource-group rg-works --nsg-name nsg-line --name AllowContractorToAgents \
# -   --priority 200 --direction Inbound --access Allow --protocol Tcp \
# -   --source-address-prefixes 10.80.9.0/24 --source-port-ranges '*' \
# -   --destination-address-prefixes 10.70.0.4 10.70.0.5 10.70.0.6 10.70.0.7 10.70.0.8 10.70.0.9 \
# -   --destination-port-ranges 22 --output none
# + ADDRESSES=$(kubectl get pods -l app=line -o jsonpath='{.items[*].status.podIP}')
# + NODES=$(kubectl get nodes -o jsonpath='{.items[*].status.addresses[?(@.type=="InternalIP")].address}')
#
# -   --destination-address-prefixes '*' --destination-port-ranges '*' --output none
# +   --destination-address-prefixes $ADDRESSES $NODES --destination-port-ranges '*' --output none
