# caught-by: arrives, lost-at
# Builds it right, and thinks that the firewall denies the request.
# like: solution.sh
# - answer arrives yes
# + answer arrives no
# - answer lost-at fw-shop
# + answer lost-at kubernetes
