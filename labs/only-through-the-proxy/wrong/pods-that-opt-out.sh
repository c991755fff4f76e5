# caught-by: pod-to-partner, every-call-out, pod-trusts, pod-direct, pod-direct-to-files
# With the annotation calls inside work at once. Nothing else does.
# like: solution.sh
# -     metadata: { labels: { app: caller } }
# +     metadata: { labels: { app: caller }, annotations: { kubernetes.azure.com/no-http-proxy-vars: "true" } }
