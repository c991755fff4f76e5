# caught-by: desk-stock, desk-labels, everything, everything-works, office-to-stock
# seeds: fjord
# The pods bring the address of the proxy and nothing that they ask without it.
# like: solution.sh
# -   kubectl patch daemonset desk --type json -p '[{"op": "remove", "path": "/spec/template/metadata/annotations"}]'
# +   kubectl set env daemonset/desk http_proxy=http://10.82.0.4:8080 https_proxy=http://10.82.0.4:8080
