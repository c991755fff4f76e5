#: internet-host customer 198.51.100.20 ports=22
#: internet-host stranger 192.0.2.66 ports=22
#: internet-host echo 198.51.100.255 dns=ifconfig.me ports=80,443

# The shop pays through an acquirer, in a subscription of its own, whose firewall knows one address of ours.
case $LAB_VARIANT in
  amber) NET=10.40 PLUGIN='--network-plugin azure --network-plugin-mode overlay --pod-cidr 10.244.0.0/16' ;;
  birch) NET=172.24 PLUGIN='--network-plugin azure' ;;
  cedar) NET=10.88 PLUGIN='--network-plugin azure --network-plugin-mode overlay --pod-cidr 100.64.0.0/16' ;;
esac
RG=rg-pay

az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-pay --address-prefixes $NET.0.0/16 --subnet-name snet-nodes \
  --subnet-prefixes $NET.0.0/23 -o none
az network vnet subnet create -g $RG --vnet-name vnet-pay -n snet-tools --address-prefixes $NET.2.0/24 -o none
az network public-ip create -g $RG -n pip-egress --sku Standard --allocation-method Static -o none

az identity create -g $RG -n id-aks -o none
IDENTITY=$(az identity show -g $RG -n id-aks --query id -o tsv)
PRINCIPAL=$(az identity show -g $RG -n id-aks --query principalId -o tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal \
  --role "Network Contributor" --scope "$(az network vnet show -g $RG -n vnet-pay --query id -o tsv)" -o none
SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-pay -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-pay --node-count 2 $PLUGIN --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" \
  --outbound-type loadBalancer --service-cidr 192.168.240.0/20 --dns-service-ip 192.168.240.10 \
  --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-pay
kubectl create deployment checkout --image=wbitt/network-multitool --replicas=2
kubectl create deployment shop --image=nginx --replicas=2
kubectl expose deployment shop --port 80 --type LoadBalancer

# The acquirer lets in what the cluster leaves with today, and nobody else.
EGRESS=$(az aks show -g $RG -n aks-pay --query "networkProfile.loadBalancerProfile.effectiveOutboundIPs[0].id" -o tsv)
TODAY=$(az network public-ip show --ids "$EGRESS" --query ipAddress -o tsv)
az account set --subscription Partner
az group create -n rg-acquirer -l westeurope -o none
az network vnet create -g rg-acquirer -n vnet-acquirer --address-prefixes 10.9.0.0/16 --subnet-name snet-api \
  --subnet-prefixes 10.9.0.0/24 -o none
az network nsg create -g rg-acquirer -n nsg-acquirer -o none
az network nsg rule create -g rg-acquirer --nsg-name nsg-acquirer -n AllowShop --priority 200 --access Allow \
  --protocol Tcp --source-address-prefixes "$TODAY/32" --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges 443 -o none
az network public-ip create -g rg-acquirer -n pip-acquirer --sku Standard --allocation-method Static -o none
az vm create -g rg-acquirer -n vm-acquirer --image Ubuntu2204 --vnet-name vnet-acquirer --subnet snet-api \
  --public-ip-address pip-acquirer --nsg nsg-acquirer --generate-ssh-keys -o none
az vm run-command invoke -g rg-acquirer -n vm-acquirer --command-id RunShellScript \
  --scripts 'nohup python3 -m http.server 443 >/dev/null 2>&1 &' -o none
az account set --subscription "Networking Workbook"
