# caught-by: jump-to-shop, everything-else
# over-permissive
# seeds: birch, dune
# The tag holds the firewall, the hub and everything on-premises.
# like: solution.sh
# -     az network nsg rule update -g $RG --nsg-name nsg-shop -n web-from-firewall --source-address-prefixes 10.0.1.0/26 -o none
# +     az network nsg rule update -g $RG --nsg-name nsg-shop -n web-from-firewall --source-address-prefixes VirtualNetwork -o none
