# caught-by: every-names, every-inside, everyone-answers
# seeds: cedar
# Finds the fault and mends nothing.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part destination
