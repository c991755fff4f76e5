# caught-by: end, object
# seeds: ember
# Looks no further than the last ticket of this kind.
# like: solution.sh
# -   answer end unreached
# -   answer object nodes
# +   answer end answered
# +   answer object proxy-from-nodes
