# The webhook looks for true.
# seeds: fjord
# like: solution.sh
# -   kubectl patch daemonset desk --type json -p '[{"op": "remove", "path": "/spec/template/metadata/annotations"}]'
# +   kubectl patch daemonset desk --type merge -p '{"spec":{"template":{"metadata":{"annotations":{"kubernetes.azure.com/no-http-proxy-vars":"false"}}}}}'
