# caught-by: guest-to-none
# over-permissive
# The two ports in use are closed, all others are left open.
# like: solution.sh
# -   --source-address-prefixes VirtualNetwork --destination-port-ranges '*'
# +   --source-address-prefixes VirtualNetwork --destination-port-ranges 80 8080
