# caught-by: second-is-overlay, second-node-room, second-reaches-hub, second-reaches-data, second-reaches-erp
# Lets AKS make a network, which is connected with nothing.
set -euo pipefail
RG=rg-fleet
az aks get-credentials --resource-group $RG --name aks-fleet-1 --overwrite-existing
answer holds-now 16
answer at-once 330
answer prefix-length 15
az aks update --resource-group $RG --name aks-fleet-1 --pod-cidr 10.240.0.0/15 --output none
az aks create --resource-group $RG --name aks-fleet-2 --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.240.0.0/15 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys --output none
az aks get-credentials --resource-group $RG --name aks-fleet-2 --overwrite-existing
kubectl create deployment scan --image=nginx:1.27 --replicas=4
