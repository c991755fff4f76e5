# caught-by: reader-to-catalogue, every-readers, everyone-answers, bot-to-catalogue
# seeds: dune
# Takes the node port for what readers are sent to. With floating IP the packet keeps the address of the load balancer.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
PORT=$(kubectl get service catalogue -o jsonpath='{.spec.ports[0].nodePort}')
answer group nsg-apps
answer rule a17-04
answer part destination
az network nsg rule update -g $RG --nsg-name nsg-apps -n a17-04 --destination-port-ranges $PORT -o none
