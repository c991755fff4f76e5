# caught-by: lives, node-to-registry, node-pulls, another-node, pod-to-partner, every-call-out, pod-trusts, pod-to-orders, pod-to-web, every-call-inside, node-to-api-server, pod-direct, node-direct, pod-direct-to-files, nothing-direct, build-to-proxy
# The list exempts everything: the request is refused.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# +   "noProxy": ["*"],
