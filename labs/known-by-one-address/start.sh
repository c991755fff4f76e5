#: internet-host receiver 203.0.113.80 ports=80,443
#: internet-host customer 198.51.100.20 ports=22
#: internet-host echo 198.51.100.255 dns=ifconfig.me ports=80,443

# A network with a reserved prefix, and a machine that leaves by a public address of its own.
case $LAB_VARIANT in
  amber) NET=10.20 LENGTH=31 ;;
  birch) NET=172.18 LENGTH=30 ;;
esac
RG=rg-send

az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-send --address-prefixes $NET.0.0/16 --subnet-name snet-nodes \
  --subnet-prefixes $NET.0.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-send -n snet-mail --address-prefixes $NET.1.0/24 -o none
az network public-ip prefix create -g $RG -n prefix-send --length $LENGTH -o none
az network public-ip create -g $RG -n pip-mail --sku Standard --allocation-method Static -o none
az network nsg create -g $RG -n nsg-mail -o none
az vm create -g $RG -n vm-mail --image Ubuntu2204 --vnet-name vnet-send --subnet snet-mail \
  --public-ip-address pip-mail --nsg nsg-mail --generate-ssh-keys -o none

az identity create -g $RG -n id-aks -o none
PRINCIPAL=$(az identity show -g $RG -n id-aks --query principalId -o tsv)
az role assignment create --assignee-object-id "$PRINCIPAL" --assignee-principal-type ServicePrincipal \
  --role "Network Contributor" --scope "$(az network vnet show -g $RG -n vnet-send --query id -o tsv)" -o none
