# caught-by: every-connection
# One host of the office, and not the others.
# like: solution.sh
# -   --protocols TCP --source-addresses 198.51.100.0/24 --destination-addresses "$PUBLIC" --destination-ports 8080 \
# +   --protocols TCP --source-addresses 198.51.100.20 --destination-addresses "$PUBLIC" --destination-ports 8080 \
