#: from load-balancer-world
#
# The published shop. The network team has put a security group on the node subnet, still without rules of its own.
# vm-tools has two groups that disagree: one on its subnet, one on its network card.
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

az network nsg create --resource-group rg-shop --name nsg-nodes --output none
az network vnet subnet update --resource-group rg-shop --vnet-name vnet-shop --name snet-nodes --network-security-group nsg-nodes --output none

az network nsg create --resource-group rg-shop --name nsg-tools --output none
az network nsg rule create --resource-group rg-shop --nsg-name nsg-tools --name DenyOffice --priority 4000 --access Deny --protocol '*' --source-address-prefixes 10.50.0.0/16 --destination-port-ranges '*' --output none
az network vnet subnet update --resource-group rg-shop --vnet-name vnet-shop --name snet-tools --network-security-group nsg-tools --output none
az network nsg create --resource-group rg-shop --name nsg-vm-tools --output none
az network nsg rule create --resource-group rg-shop --nsg-name nsg-vm-tools --name AllowOfficeSsh --priority 100 --access Allow --protocol Tcp --source-address-prefixes 10.50.0.0/16 --destination-port-ranges 22 --output none
az network nic update --resource-group rg-shop --name vm-toolsVMNic --network-security-group nsg-vm-tools --output none
