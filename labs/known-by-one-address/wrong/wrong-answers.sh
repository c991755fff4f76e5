# caught-by: same-destination, customer-reply, managed-addresses
# like: solution.sh
# - answer managed "$(echo $MANAGED | tr ' ' ',')"
# + answer managed 203.0.113.80
# - answer same-destination $(((1 << (32 - LENGTH)) * 50000))
# - answer customer balancer
# + answer same-destination $(((1 << (32 - LENGTH)) * 64512))
# + answer customer gateway
