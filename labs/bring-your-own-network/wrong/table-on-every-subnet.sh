# caught-by: pods-closed
# over-permissive
# With the table on its subnet the VM has routes to the pods.
# like: solution.sh
# -   --address-prefixes 10.60.8.0/24 --output none
# +   --address-prefixes 10.60.8.0/24 --route-table rt-aks --output none
