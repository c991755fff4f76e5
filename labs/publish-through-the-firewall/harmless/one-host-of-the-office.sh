# Two rules for the office, one for a half of it each.
# like: solution.sh
# -   --protocols TCP --source-addresses 198.51.100.0/24 --destination-addresses "$PUBLIC" --destination-ports 8080 \
# +   --protocols TCP --source-addresses 198.51.100.0/25 198.51.100.128/25 --destination-addresses "$PUBLIC" --destination-ports 8080 \
