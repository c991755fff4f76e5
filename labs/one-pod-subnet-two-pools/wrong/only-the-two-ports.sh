# caught-by: batch-to-dns
# Pods may call each other on 80 and 8080, and ask no names.
# like: solution.sh
# -   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
# +   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges 80 8080
