# caught-by: proved
# over-permissive
# like: solution.sh
# -   on vm-client "curl -sSv -o /dev/null -x $PROXY $1 2>&1" | sed -n 's/.*issuer:.*CN=\([^;]*\).*/\1/p'
# +   on vm-client "curl -ksSv -o /dev/null -x $PROXY $1 2>&1" | sed -n 's/.*issuer:.*CN=\([^;]*\).*/\1/p'
# - update-ca-certificates"
# + true"
