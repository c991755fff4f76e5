# caught-by: another-node
# The proxy lets in the two nodes that there are.
# like: solution.sh
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
# +   --source-address-prefixes 10.10.0.4 10.10.0.5 --destination-port-ranges 8080 -o none
