# caught-by: everything, everything-works
# seeds: birch
# The proxy has a new CA, and the nodes have the old one.
# like: solution.sh
# -   trust_the_proxy
# +   true
