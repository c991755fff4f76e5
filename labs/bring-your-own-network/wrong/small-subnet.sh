# caught-by: room-for-nodes
# A /28 has 16 addresses, and Azure keeps five.
# like: solution.sh
# -   --address-prefixes 10.60.0.0/16 --subnet-name snet-aks --subnet-prefixes 10.60.0.0/24 --output none
# +   --address-prefixes 10.60.0.0/16 --subnet-name snet-aks --subnet-prefixes 10.60.0.0/28 --output none
