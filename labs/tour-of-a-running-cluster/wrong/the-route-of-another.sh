# caught-by: route-name, next-hop
# Takes the route of the first range.
# like: solution.sh
# - answer route-name "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$RANGE'].name" -o tsv)"
# - answer next-hop "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$RANGE'].nextHopIpAddress" -o tsv)"
# + answer route-name "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$BASE.0.0/24'].name" -o tsv)"
# + answer next-hop "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$BASE.0.0/24'].nextHopIpAddress" -o tsv)"
