# caught-by: address-before, address-after, moment
# like: solution.sh
# - answer before "${OLD%/32}"
# - answer after "$NEW"
# - answer moment attach
# + answer before "$(kubectl get pods -l app=checkout -o jsonpath='{.items[0].status.podIP}')"
# + answer after "${OLD%/32}"
# + answer moment update
