# caught-by: lives, node-to-registry, node-pulls, another-node, pod-to-partner, every-call-out, pod-trusts, pod-to-orders, pod-to-web, every-call-inside, node-to-api-server, pod-direct, node-direct, pod-direct-to-files, nothing-direct, build-to-proxy
# The firewall allows another name than the one that nodes never ask the proxy for: az aks create ends with exit status 51.
# like: solution-2.sh
# -   --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns '*.hcp.westeurope.azmk8s.io' -o none
# +   --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns mcr.microsoft.com -o none
