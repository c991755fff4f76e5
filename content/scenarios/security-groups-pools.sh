#: from load-balancer-world
#
# The published shop, with a second pool: its nodes are in a subnet of their own, and orders runs on one of them. Each
# of the two subnets has a security group, still without rules. needs.sh says what must work, and what must stay closed.
kubectl apply --filename - > /dev/null <<SVC
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: LoadBalancer
  selector: { app: web }
  ports:
    - { port: 80, targetPort: 80 }
SVC

az network vnet subnet create --resource-group rg-shop --vnet-name vnet-shop --name snet-users --address-prefixes 10.40.3.0/24 --output none
USERS=$(az network vnet subnet show --resource-group rg-shop --vnet-name vnet-shop --name snet-users --query id --output tsv)
az aks nodepool add --resource-group rg-shop --cluster-name aks-shop --name users --mode User --node-count 1 --vnet-subnet-id "$USERS" --output none
kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: orders, labels: { app: orders } }
spec:
  nodeSelector: { agentpool: users }
  containers:
    - { name: web, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML

for subnet in nodes users; do
  az network nsg create --resource-group rg-shop --name nsg-$subnet --output none
  az network vnet subnet update --resource-group rg-shop --vnet-name vnet-shop --name snet-$subnet --network-security-group nsg-$subnet --output none
done

cat > needs.sh <<'NEEDS'
# Says of each call whether it gets through, and if not, what stops it.
SYSTEM=$(kubectl get nodes -l agentpool=nodepool1 -o name | head -1)
USERS=$(kubectl get nodes -l agentpool=users -o name)
AGENT=pod/kube-system/$(kubectl get pods -n kube-system -l app=konnectivity-agent \
  -o jsonpath='{.items[0].metadata.name}')
API=https://$(az aks show -g rg-shop -n aks-shop --query fqdn -o tsv)

call() {
  answer=$(netpath --from $2 --to $3 --protocol $4 --port $5 -o json |
    jq -r 'if .disposition == "delivered" then "open" else "shut  " + .reason end' |
    grep -oE '^open|^shut .*NSG [a-z-]+|no instance is healthy')
  printf '%-11s %s\n' $1 "$answer"
}
call nodes      $SYSTEM          $USERS                        tcp 10250
call pods       pod/shop/client  pod/shop/orders               tcp 80
call names      pod/shop/orders  service/kube-system/kube-dns  udp 53
call logs       $AGENT           $USERS                        tcp 10250
call customers  host/laptop      198.51.100.136                tcp 80
call api-server $USERS           $API                          tcp 443
call internet   $USERS           internet                      tcp 443
call office     vm/vm-office     $USERS                        tcp 10250
NEEDS
