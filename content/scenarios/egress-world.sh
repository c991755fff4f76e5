#: seed egress
#: clock 2026-10-05T09:00:00Z frozen
#: internet-host partner 203.0.113.80 ports=80,443
#: internet-host customer 198.51.100.7 ports=22
#
# One world, in which only the outbound type differs: TYPE is what --outbound-type takes. Types that want a network of
# one's own get vnet-out, with the NAT gateway or the route on its subnet; the others leave the network to AKS. The
# appliance of userDefinedRouting is a VM that forwards and translates. Two nodes, a pod on each, and a public Service.
TYPE=${TYPE:-loadBalancer}

az group create --name rg-out --location westeurope --output none
network=
case $TYPE in
  userAssignedNATGateway | userDefinedRouting)
    az network vnet create --resource-group rg-out --name vnet-out --address-prefixes 10.60.0.0/16 --subnet-name snet-nodes --subnet-prefixes 10.60.0.0/24 --output none
    az identity create --resource-group rg-out --name id-aks --output none
    PRINCIPAL=$(az identity show --resource-group rg-out --name id-aks --query principalId --output tsv)
    az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show --name rg-out --query id --output tsv)" --output none
    network="--vnet-subnet-id $(az network vnet subnet show --resource-group rg-out --vnet-name vnet-out --name snet-nodes --query id --output tsv) --assign-identity $(az identity show --resource-group rg-out --name id-aks --query id --output tsv)"
    ;;
esac
case $TYPE in
  userAssignedNATGateway)
    az network public-ip create --resource-group rg-out --name pip-natgw --sku Standard --allocation-method Static --output none
    az network nat gateway create --resource-group rg-out --name natgw-out --public-ip-addresses pip-natgw --idle-timeout 4 --output none
    az network vnet subnet update --resource-group rg-out --vnet-name vnet-out --name snet-nodes --nat-gateway natgw-out --output none
    ;;
  userDefinedRouting)
    az network vnet subnet create --resource-group rg-out --vnet-name vnet-out --name snet-appliance --address-prefixes 10.60.1.0/24 --output none
    az vm create --resource-group rg-out --name vm-appliance --image Ubuntu2204 --vnet-name vnet-out --subnet snet-appliance --public-ip-address pip-appliance --public-ip-sku Standard --nsg "" --generate-ssh-keys --only-show-errors --output none
    az network nic update --resource-group rg-out --name vm-applianceVMNic --ip-forwarding true --output none
    az vm run-command invoke --resource-group rg-out --name vm-appliance --command-id RunShellScript --scripts 'sysctl -w net.ipv4.ip_forward=1' 'iptables -t nat -A POSTROUTING -j MASQUERADE' --output none
    az network route-table create --resource-group rg-out --name rt-out --output none
    az network route-table route create --resource-group rg-out --route-table-name rt-out --name default --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address 10.60.1.4 --output none
    az network vnet subnet update --resource-group rg-out --vnet-name vnet-out --name snet-nodes --route-table rt-out --output none
    ;;
  none | block) network="--bootstrap-artifact-source Cache" ;;
esac
# The words of $network are options of their own.
az aks create --resource-group rg-out --name aks-out --node-count 2 --network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16 --outbound-type "$TYPE" $network --generate-ssh-keys --only-show-errors --output none
az aks get-credentials --resource-group rg-out --name aks-out --only-show-errors
number=0
for name in client web; do
  node=$(kubectl get nodes --output jsonpath="{.items[$number].metadata.name}")
  number=$((number + 1))
  kubectl apply --filename - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata: { name: $name, labels: { app: $name } }
spec:
  nodeSelector: { kubernetes.io/hostname: $node }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
done
kubectl expose pod web --port 80 --type LoadBalancer > /dev/null
