# caught-by: customers-cause
# seeds: birch
# The right repair, and the other of the two suspects for an answer.
# like: solution.sh
# -     answer customers web-from-firewall
# +     answer customers shop-front
