# caught-by: everything-else
# over-permissive
# Payments, and every other name with them: the blocked range alone stays shut.
# like: solution.sh
rule --rcg-name outside --collection-name names -n payments --target-fqdns '*'
