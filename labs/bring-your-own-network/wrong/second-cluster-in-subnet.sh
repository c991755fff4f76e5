# caught-by: own-network, room-for-nodes, room-for-pods, ranges-apart, kubenet-nodes, pod-to-pod, pod-to-pod-back, own-route-table, probe-sees-node, datacentre-sees-node, pods-closed, kubelet-closed, probe-reaches-node
# Two kubenet clusters cannot share a subnet: the second is refused, and nothing after it happens.
# like: solution.sh
# - az role assignment create --assignee "$PRINCIPAL_ID" --role "Network Contributor" --scope "$TABLE_ID" --output none
# -
# + az role assignment create --assignee "$PRINCIPAL_ID" --role "Network Contributor" --scope "$TABLE_ID" --output none
# +
# + az aks create --resource-group rg-corp --name aks-trial --node-count 1 --network-plugin kubenet \
# +   --vnet-subnet-id "$SUBNET_ID" --assign-identity "$IDENTITY_ID" --generate-ssh-keys --output none
