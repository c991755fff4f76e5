# caught-by: which-node, which-deployment, how-many-ports
# like: solution.sh
# - answer node "$NODE"
# + answer node "$(kubectl get nodes -o jsonpath='{.items[*].metadata.name}')"
# - answer ports 1024
# + answer ports 64000
# + answer deployment crawler
