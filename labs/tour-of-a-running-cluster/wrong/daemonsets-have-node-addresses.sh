# caught-by: why-node-address
# The usual wrong reason.
# like: solution.sh
# - answer why-node-address hostNetwork
# + answer why-node-address DaemonSet
