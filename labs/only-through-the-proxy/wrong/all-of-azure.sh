# caught-by: node-direct, pod-direct-to-files, nothing-direct
# over-permissive
# The API server is somewhere in Azure, so Azure is allowed.
# like: solution.sh
# -   --source-address-prefixes '*' --destination-address-prefixes "$SERVER" --destination-port-ranges 443 -o none
# +   --source-address-prefixes '*' --destination-address-prefixes AzureCloud.westeurope --destination-port-ranges 443 -o none
