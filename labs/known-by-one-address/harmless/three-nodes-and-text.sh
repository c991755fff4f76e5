# like: solution-2.sh
# - answer same-destination $((COUNT * 50000))
# + answer same-destination "$((COUNT * 50)),000"
# - answer managed "$(az network public-ip list -g "$NODES" --query "[].ipAddress | join(',', @)" -o tsv)"
# + answer managed "$(az network public-ip list -g "$NODES" --query "reverse([].ipAddress) | join(' ', @)" -o tsv)"
