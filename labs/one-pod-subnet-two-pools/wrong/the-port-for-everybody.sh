# caught-by: guest-to-batch, guest-to-none
# over-permissive
# The port is right, the caller is anybody.
# like: solution.sh
# -   --source-address-prefixes "$METER" --destination-port-ranges 8080
# +   --source-address-prefixes VirtualNetwork --destination-port-ranges 8080
