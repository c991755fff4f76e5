# caught-by: managed-addresses
# like: solution.sh
# - answer managed "$(echo $MANAGED | tr ' ' ',')"
# + answer managed "${MANAGED%%[[:space:]]*}"
