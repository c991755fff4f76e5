# caught-by: lives, node-to-registry, node-pulls, another-node, pod-to-partner, every-call-out, pod-trusts, pod-to-orders, pod-to-web, every-call-inside, node-to-api-server, pod-direct, node-direct, pod-direct-to-files, nothing-direct, build-to-proxy
# PEM is base64 already, says somebody, and pastes it: the request is refused.
# like: solution.sh
# -   "trustedCa": "$(base64 -w0 proxy-ca.pem)"
# +   "trustedCa": "$(tr -d '\n' < proxy-ca.pem)"
