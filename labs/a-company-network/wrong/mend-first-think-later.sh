# caught-by: stock-first
# seeds: amber, dune
# The stock works before anybody has said why it did not.
# like: solution.sh
# -     answer stock stock
# -     rule --rcg-name inside --collection-name calls -n stock --source-addresses 10.10.0.0/24
# +     rule --rcg-name inside --collection-name calls -n stock --source-addresses 10.10.0.0/24
# +     answer stock stock
