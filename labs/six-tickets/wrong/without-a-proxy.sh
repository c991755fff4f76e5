# caught-by: desk-pays, night-pays, everything, everything-works, desk-past-proxy, node-past-proxy, office-to-proxy, as-meant
# over-permissive
# seeds: dune
# Switches the proxy off and lets everybody out.
set -e
RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing
answer end untrusted
answer object trustedCa
az network nsg rule delete -g $RG --nsg-name nsg-nodes -n no-internet
az aks update -g $RG -n aks-parcels --disable-http-proxy -o none
sleep 300
