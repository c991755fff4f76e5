# caught-by: range-holder, next-range, bridge-address, neighbour-mac, node-address-pods, why-node-address, route-name, next-hop, pod-sees, vm-sees, branch-sees, internet-sees
# over-permissive
# Answers every question with everything: a list that holds the right answer is no answer.
set -e
az aks get-credentials -g rg-tour -n aks-tour --overwrite-existing
EVERYTHING="$(kubectl get nodes -o wide) $(kubectl get pods -A -o wide) $(az network route-table show -g rg-tour -n rt-tour -o json)"
for KEY in range-holder next-range bridge-address neighbour-mac node-address-pods why-node-address route-name next-hop pod-sees vm-sees branch-sees internet-sees; do
  answer $KEY "$EVERYTHING hostNetwork 12:34:56:78:9a:bc 1 2 3 4 5 6 7 8 9"
done
