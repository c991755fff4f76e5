# caught-by: everything, same-workloads, everything-works
# seeds: birch
# Nothing waits any more.
set -e
RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing
answer end expired
answer object proxy-ca
kubectl scale deployment labels --replicas=2
