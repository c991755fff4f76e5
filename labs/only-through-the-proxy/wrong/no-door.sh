# caught-by: lives, node-to-registry, node-pulls, another-node, pod-to-partner, every-call-out, pod-trusts, pod-to-orders, pod-to-web, every-call-inside, node-to-api-server, pod-direct, node-direct, pod-direct-to-files, nothing-direct, build-to-proxy
# The security group of the proxy lets no node in: az aks create ends with exit status 50.
# like: solution.sh
# - az network nsg rule create -g $RG --nsg-name nsg-proxy -n AllowNodes --priority 200 --direction Inbound --access Allow --protocol Tcp \
# -   --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8080 -o none
