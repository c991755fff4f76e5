# caught-by: node-direct, nothing-direct
# over-permissive
# The names that AKS needs, past the proxy as well.
# like: solution-2.sh
# -   --source-addresses 10.10.0.0/24 --protocols Https=443 --target-fqdns '*.hcp.westeurope.azmk8s.io' -o none
# +   --source-addresses 10.10.0.0/24 --protocols Http=80 Https=443 --fqdn-tags AzureKubernetesService -o none
