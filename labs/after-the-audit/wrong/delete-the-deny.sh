# caught-by: guest-to-system, nothing-else-open
# over-permissive
# seeds: ember
# AllowVnetInBound lets pods ask CoreDNS then, and lets peered networks in.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part protocol
az network nsg rule delete -g $RG --nsg-name nsg-system -n a17-07
