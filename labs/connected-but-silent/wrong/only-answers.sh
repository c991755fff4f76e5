# caught-by: pod-to-archive, every-call, everyone-answers
# seeds: birch
# Finds what decides and mends nothing.
set -e
az aks get-credentials -g rg-books -n aks-books --overwrite-existing
answer object aks-to-data
answer lost request
