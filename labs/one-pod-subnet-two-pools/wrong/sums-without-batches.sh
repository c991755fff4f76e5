# caught-by: nodes-in-24, stranded, held-at-25
# The cluster is right, the sums are not.
# like: solution.sh
# - answer nodes-in-24 15
# - answer stranded 11
# - answer held-at-25 48
# + answer nodes-in-24 16
# + answer stranded 0
# + answer held-at-25 32
