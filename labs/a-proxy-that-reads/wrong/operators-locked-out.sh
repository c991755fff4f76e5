# caught-by: ops-ssh
# like: solution.sh
# -   --source-address-prefixes '*' --destination-port-ranges 8080
# +   --source-address-prefixes '*' --destination-port-ranges '*'
