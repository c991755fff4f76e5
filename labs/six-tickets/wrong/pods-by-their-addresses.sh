# caught-by: night-pays, everything, everything-works, node-past-proxy
# seeds: cedar
# Outside, the pods have the addresses of their nodes.
# like: solution.sh
# -     --source-address-prefixes 10.80.0.0/24 10.80.1.0/24 -o none
# +     --source-address-prefixes 10.80.0.0/24 10.244.0.0/16 -o none
