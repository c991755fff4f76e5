# caught-by: customer-to-shop, office-to-admin, every-connection, customer-to-admin
# Internal load balancers are only half of it.
set -e
az aks get-credentials -g rg-shop -n aks-shop --overwrite-existing
answer arrives yes
answer lost-at fw-shop
for APP in shop admin; do
  kubectl annotate service $APP service.beta.kubernetes.io/azure-load-balancer-internal=true \
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet=snet-internal
done
