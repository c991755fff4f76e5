# caught-by: pod-to-plant, plant-to-books, every-call, everyone-answers
# seeds: flint
# Allows transit once more on the side that has it, and forgets the side that has to use it.
set -e
RG=rg-books
az aks get-credentials -g $RG -n aks-books --overwrite-existing
answer object aks-to-hub
answer lost request
az network vnet peering update -g $RG --vnet-name vnet-hub -n hub-to-aks --set allowGatewayTransit=true allowForwardedTraffic=true -o none
