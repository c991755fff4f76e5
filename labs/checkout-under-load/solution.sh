#!/usr/bin/env bash
set -euo pipefail

# 1. The checkout that cannot pay, its node, and what the programs there do.
for POD in $(kubectl get pods -l app=checkout -o jsonpath='{.items[*].metadata.name}'); do
  kubectl exec "$POD" -- curl -s -m 5 -o /dev/null http://pay.example.com/ ||
    NODE=$(kubectl get pod "$POD" -o jsonpath='{.spec.nodeName}')
done
answer node "$NODE"
kubectl get pods -o wide --field-selector "spec.nodeName=$NODE"
# Most connections towards pay: by -c where they stay, by the rate and four minutes of waiting where they do not.
case $(kubectl get deployment statements -o jsonpath='{.spec.template.spec.containers[0].args}') in
  *disable-keepalive*) answer deployment statements ;;
  *500*) answer deployment price-feed ;;
  *) answer deployment settlement ;;
esac
BALANCER=$(az network lb show -g MC_rg-shop_aks-shop_westeurope -n kubernetes --query id -o tsv)
az monitor metrics list --resource "$BALANCER" --metric AllocatedSnatPorts --filter "BackendIPAddress eq '*'" \
  --query "value[0].timeseries[0].data[-1].average" -o tsv
answer ports 1024

# 2. 30,000 ports for each of three nodes and one more for upgrades: two addresses.
az aks update -g rg-shop -n aks-shop --load-balancer-managed-outbound-ip-count 2 \
  --load-balancer-outbound-ports 30000 -o none

# 3. One gateway for all nodes.
az network nat gateway create -g rg-shop -n nat-shop --public-ip-addresses pip-egress -o none
az network vnet subnet update -g rg-shop --vnet-name vnet-shop -n snet-nodes --nat-gateway nat-shop -o none
az aks update -g rg-shop -n aks-shop --outbound-type userAssignedNATGateway -o none
