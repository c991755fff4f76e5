# Internal frontends in the nodes' own subnet.
# like: solution.sh
# -   kubectl annotate service $APP service.beta.kubernetes.io/azure-load-balancer-internal=true \
# -     service.beta.kubernetes.io/azure-load-balancer-internal-subnet=snet-internal
# +   kubectl annotate service $APP service.beta.kubernetes.io/azure-load-balancer-internal=true
