# caught-by: every-names, every-inside, everyone-answers
# seeds: ember
# Names the cluster IP of the DNS Service. kube-proxy has replaced it before the packet leaves its node.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-system
answer rule a17-02
answer part protocol
az network nsg rule create -g $RG --nsg-name nsg-system -n a17-11 --priority 210 --direction Inbound --access Allow \
  --protocol Udp --source-address-prefixes 10.244.0.0/16 --source-port-ranges '*' \
  --destination-address-prefixes 172.20.0.10 --destination-port-ranges 53 -o none
