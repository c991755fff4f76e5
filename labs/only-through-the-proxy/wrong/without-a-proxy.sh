# caught-by: node-to-registry, pod-to-partner, every-call-out, pod-trusts, pod-direct, node-direct, pod-direct-to-files, build-to-proxy
# An ordinary cluster, and then the wall.
# like: solution.sh
# -   --vnet-subnet-id "$SUBNET" --http-proxy-config proxy.json --generate-ssh-keys -o none
# +   --vnet-subnet-id "$SUBNET" --generate-ssh-keys -o none
