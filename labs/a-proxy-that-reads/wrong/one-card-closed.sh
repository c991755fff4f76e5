# caught-by: nothing-past
# over-permissive
# like: solution.sh
# - rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol '*' \
# + az network nsg create -g $RG -n nsg-client-card -o none
# + az network nic update --ids "$(az vm show -g $RG -n vm-client --query 'networkProfile.networkInterfaces[0].id' -o tsv)" --network-security-group nsg-client-card -o none
# + rule nsg-client-card NothingOut 200 --direction Outbound --access Deny --protocol '*' \
# The other machine of the subnet goes on as before.
