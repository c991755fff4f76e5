# caught-by: ops-not, nobody-else
# over-permissive
# like: solution.sh
# - rule nsg-proxy NobodyElse 300 --direction Inbound --access Deny --protocol '*' \
# -   --source-address-prefixes '*' --destination-port-ranges 8080
# Without a rule that denies, the default rule for the VNet lets everybody in.
