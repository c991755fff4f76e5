# caught-by: nothing-else-open
# over-permissive
# seeds: birch
# The two ports that probes ask at, for whoever asks: guests and desks get them too.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-03
answer part port
PORTS=$(kubectl get services catalogue loans -o jsonpath='{.items[*].spec.healthCheckNodePort}')
az network nsg rule create -g $RG --nsg-name nsg-apps -n a17-11 --priority 305 --direction Inbound --access Allow \
  --protocol Tcp --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes 10.60.1.0/24 \
  --destination-port-ranges $PORTS -o none
