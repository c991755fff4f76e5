# caught-by: meter-to-front, guest-to-batch, guest-to-front, guest-to-none
# over-permissive
# An NSG without rules admits the whole network.
# like: solution.sh
# - rule --name AllowPods --priority 200 --access Allow --protocol '*' \
# -   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
# - rule --name AllowMeterToBatch --priority 210 --access Allow --protocol Tcp \
# -   --source-address-prefixes "$METER" --destination-port-ranges 8080
# - rule --name DenyTheRest --priority 300 --access Deny --protocol '*' \
# -   --source-address-prefixes VirtualNetwork --destination-port-ranges '*'
