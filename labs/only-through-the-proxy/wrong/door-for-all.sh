# caught-by: build-to-proxy, proxy-door
# over-permissive
# Whoever is in a network that is peered with the proxy's may ask it.
# like: solution.sh
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
# +   --source-address-prefixes VirtualNetwork --destination-port-ranges 8080 -o none
