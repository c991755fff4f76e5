#: internet-host pay 203.0.113.80 dns=pay.example.com ports=80,443
#: internet-host prices 198.51.100.30 dns=prices.example.com ports=80,443
#: internet-host archive 198.51.100.90 dns=archive.example.com ports=80,443
#: internet-host echo 198.51.100.255 dns=ifconfig.me ports=80,443

# A shop whose checkout pays on three nodes. Other teams call the outside world from the same nodes; whose load is too
# much, and of which kind it is, differs with the seed.
RG=rg-shop
az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-shop --address-prefixes 10.40.0.0/16 --subnet-name snet-nodes \
  --subnet-prefixes 10.40.0.0/24 -o none
az network public-ip create -g $RG -n pip-egress --sku Standard --allocation-method Static -o none
az identity create -g $RG -n id-aks -o none
PRINCIPAL=$(az identity show -g $RG -n id-aks --query principalId -o tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal \
  --role "Network Contributor" --scope "$(az network vnet show -g $RG -n vnet-shop --query id -o tsv)" -o none
SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-shop -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-shop --node-count 3 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET" \
  --assign-identity "$(az identity show -g $RG -n id-aks --query id -o tsv)" --outbound-type loadBalancer \
  --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-shop
kubectl create deployment checkout --image=wbitt/network-multitool --replicas=3

# load NAME NODE REPLICAS ARGUMENTS: a program that calls the outside world, on one node.
load() {
  local NODE
  NODE=$(kubectl get nodes -o jsonpath="{.items[$2].metadata.name}")
  kubectl apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: { name: $1 }
spec:
  replicas: $3
  selector: { matchLabels: { app: $1 } }
  template:
    metadata: { labels: { app: $1 } }
    spec:
      nodeSelector: { kubernetes.io/hostname: $NODE }
      containers:
        - { name: $1, image: williamyeh/hey, args: [$4] }
YAML
}
case $LAB_VARIANT in
  amber)
    # Connections that stay open, more of them than the node has ports.
    load settlement 1 1 '"-z", "240h", "-c", "900", "http://pay.example.com/"'
    load statements 1 1 '"-z", "240h", "-c", "350", "http://pay.example.com/"'
    load crawler 0 1 '"-z", "240h", "-c", "1500", "http://archive.example.com/"'
    load price-feed 2 1 '"-z", "240h", "-c", "20", "-q", "1", "-disable-keepalive", "http://prices.example.com/"'
    ;;
  birch)
    # Few connections at a time, and a new one for each request.
    load statements 2 1 '"-z", "240h", "-c", "100", "-q", "1", "-disable-keepalive", "http://pay.example.com/"'
    load settlement 2 1 '"-z", "240h", "-c", "300", "http://pay.example.com/"'
    load crawler 1 1 '"-z", "240h", "-c", "1500", "http://archive.example.com/"'
    load price-feed 0 1 '"-z", "240h", "-c", "700", "http://prices.example.com/"'
    ;;
  cedar)
    # One connection pool that is fine alone, and three copies of it.
    load price-feed 0 3 '"-z", "240h", "-c", "400", "http://pay.example.com/"'
    load settlement 0 1 '"-z", "240h", "-c", "120", "http://pay.example.com/"'
    load statements 1 1 '"-z", "240h", "-c", "500", "http://pay.example.com/"'
    load crawler 2 1 '"-z", "240h", "-c", "1500", "http://archive.example.com/"'
    ;;
esac
sleep 900
