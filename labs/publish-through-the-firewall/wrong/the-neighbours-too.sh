# caught-by: nothing-else-in
# over-permissive
# A range that is wider than the office.
# like: solution.sh
# -   --protocols TCP --source-addresses 198.51.100.0/24 --destination-addresses "$PUBLIC" --destination-ports 8080 \
# +   --protocols TCP --source-addresses 198.51.0.0/16 --destination-addresses "$PUBLIC" --destination-ports 8080 \
