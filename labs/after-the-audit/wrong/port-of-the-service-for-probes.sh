# caught-by: reader-to-catalogue, desk-to-loans, every-readers, every-desks, everyone-answers, bot-to-catalogue, guest-to-loans, nothing-else-open
# seeds: birch
# Opens the node ports of the Services. With the policy Local the probe asks at another one, the healthCheckNodePort.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-03
answer part port
PORTS=$(kubectl get services catalogue loans -o jsonpath='{.items[*].spec.ports[0].nodePort}')
az network nsg rule update -g $RG --nsg-name nsg-apps -n a17-03 --destination-port-ranges $PORTS -o none
