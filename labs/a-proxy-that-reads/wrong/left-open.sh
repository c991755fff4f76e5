# caught-by: no-way-past, nothing-past
# over-permissive
# like: solution.sh
# - rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol '*' \
# -   --destination-address-prefixes Internet --destination-port-ranges '*'
