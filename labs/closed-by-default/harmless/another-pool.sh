# A second pool of nodes in the same subnet.
# like: solution.sh
az aks nodepool add -g rg-vault --cluster-name aks-vault -n more --node-count 1 -o none
