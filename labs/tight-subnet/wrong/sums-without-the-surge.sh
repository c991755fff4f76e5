# caught-by: room, plan-of-30
# The cluster is right, the sums are not.
# like: solution.sh
# - answer room 115
# - answer plan-of-30 124
# + answer room 123
# + answer plan-of-30 93
