# caught-by: nothing-past
# over-permissive
# like: solution.sh
# - rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol '*' \
# -   --destination-address-prefixes Internet --destination-port-ranges '*'
# + rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol Tcp \
# +   --destination-address-prefixes Internet --destination-port-ranges 80 443
