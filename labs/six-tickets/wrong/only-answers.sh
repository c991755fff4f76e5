# caught-by: desk-stock, everything, everything-works, office-to-stock
# seeds: amber
# Finds what decides and mends nothing.
set -e
az aks get-credentials -g rg-parcels -n aks-parcels --overwrite-existing
answer end answered
answer object noProxy
