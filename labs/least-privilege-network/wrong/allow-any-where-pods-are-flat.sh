# caught-by: jump-kubelet, build-ssh, build-pod, whole-subnet
# over-permissive
# With Node Subnet pods have addresses of the VNet, and a rule that allows anything opens them too.
set -euo pipefail

RG=rg-bank
az group create -n $RG -l westeurope -o none

# What belongs to the node subnet: one door in the NSG, one closed way in the route table.
az network nsg create -g $RG -n nsg-nodes -o none
az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowJumpSsh --priority 100 --direction Inbound \
  --access Allow --protocol Tcp --source-address-prefixes 10.60.8.10 --source-port-ranges '*' \
  --destination-address-prefixes 10.60.0.0/24 --destination-port-ranges 22 -o none
az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyAdmins --priority 400 --direction Inbound \
  --access Deny --protocol '*' --source-address-prefixes 10.60.8.0/24 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
az network route-table create -g $RG -n rt-nodes -l westeurope -o none
az network route-table route create -g $RG --route-table-name rt-nodes -n archive-is-closed \
  --address-prefix 10.99.0.0/16 --next-hop-type None -o none

az network vnet create -g $RG -n vnet-bank -l westeurope --address-prefixes 10.60.0.0/20 -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-nodes --address-prefixes 10.60.0.0/24 \
  --network-security-group nsg-nodes --route-table rt-nodes -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-admins --address-prefixes 10.60.8.0/24 -o none
SUBNET_ID=$(az network vnet subnet show -g $RG --vnet-name vnet-bank -n snet-nodes --query id -o tsv)

# The role can be given in this group only, and is given on one subnet.
cat > role.json <<JSON
{
  "Name": "AKS subnet user",
  "Description": "Uses a subnet for nodes.",
  "Actions": [
    "Microsoft.Network/virtualNetworks/subnets/join/action",
    "Microsoft.Network/virtualNetworks/subnets/read"
  ],
  "AssignableScopes": ["$(az group show -n $RG --query id -o tsv)"]
}
JSON
az role definition create --role-definition @role.json -o none
az identity create -g $RG -n id-bank -o none
az role assignment create --role "AKS subnet user" --scope "$SUBNET_ID" --assignee-principal-type ServicePrincipal \
  --assignee-object-id "$(az identity show -g $RG -n id-bank --query principalId -o tsv)" -o none

az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure \
  --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
  --vnet-subnet-id "$SUBNET_ID" --assign-identity "$(az identity show -g $RG -n id-bank --query id -o tsv)" \
  --skip-subnet-role-assignment --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-bank
kubectl create deployment web --image=nginx --replicas=4

az vm create -g $RG -n vm-jump --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-admins --private-ip-address 10.60.8.10 \
  --public-ip-address "" --admin-username azureuser --generate-ssh-keys -o none
az vm create -g $RG -n vm-build --image Ubuntu2204 --vnet-name vnet-bank --subnet snet-admins \
  --public-ip-address "" --admin-username azureuser --generate-ssh-keys -o none

az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowAny --priority 300 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges '*' -o none
