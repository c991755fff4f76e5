# caught-by: lives, node-pulls, pod-to-partner, every-call-out, pod-trusts, pod-to-orders, pod-to-web, every-call-inside, pod-direct, pod-direct-to-files, nothing-direct
# Nodes join, for their check looks at no certificate; then they pull nothing.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# -   "trustedCa": "$(base64 -w0 proxy-ca.pem)"
# +   "noProxy": [".svc", ".cluster.local", "10.30.0.4"]
