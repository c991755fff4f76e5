# caught-by: every-client, other-domain-read
# like: solution.sh
# -   --source-address-prefixes 10.70.2.0/26 --destination-port-ranges 8080
# +   --source-address-prefixes 10.70.2.4 --destination-port-ranges 8080
