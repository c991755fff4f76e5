# caught-by: customer-to-admin, nothing-else-in
# over-permissive
# The office is somebody, so everybody will do.
# like: solution.sh
# -   --protocols TCP --source-addresses 198.51.100.0/24 --destination-addresses "$PUBLIC" --destination-ports 8080 \
# +   --protocols TCP --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 8080 \
