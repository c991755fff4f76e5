# caught-by: second-is-overlay, second-pod-room, second-node-room, second-clear, second-pods-reach-each-other, second-reaches-hub, second-reaches-data, second-reaches-erp
# Widens the first cluster and stops.
set -euo pipefail
RG=rg-fleet
az aks get-credentials --resource-group $RG --name aks-fleet-1 --overwrite-existing
answer holds-now 16
answer at-once 330
answer prefix-length 15
az aks update --resource-group $RG --name aks-fleet-1 --pod-cidr 10.240.0.0/15 --output none
