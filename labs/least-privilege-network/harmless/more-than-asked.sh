# A second pool with a subnet and a right of its own, a right to read, another application.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-more --address-prefixes 10.60.4.0/24 \
  --network-security-group nsg-nodes --route-table rt-nodes -o none
MORE=$(az network vnet subnet show -g $RG --vnet-name vnet-bank -n snet-more --query id -o tsv)
PRINCIPAL=$(az identity show -g $RG -n id-bank --query principalId -o tsv)
az role assignment create --role "AKS subnet user" --scope "$MORE" --assignee-principal-type ServicePrincipal \
  --assignee-object-id "$PRINCIPAL" -o none
az role assignment create --role Reader --scope "$(az network vnet show -g $RG -n vnet-bank --query id -o tsv)" \
  --assignee-principal-type ServicePrincipal --assignee-object-id "$PRINCIPAL" -o none
az aks nodepool add -g $RG --cluster-name aks-bank -n more --node-count 1 --vnet-subnet-id "$MORE" -o none
kubectl create deployment other --image=httpd --replicas=3
kubectl expose deployment web --port=80
