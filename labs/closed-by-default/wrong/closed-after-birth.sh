# caught-by: another-node
# The cluster lives, so the rule for AKS is taken away. Tomorrow's node will miss it.
# like: solution.sh
az network firewall application-rule delete -g rg-vault --firewall-name fw-vault --collection-name names -n aks
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name api -n server --action Allow --priority 100 \
  --protocols TCP --source-addresses 10.42.1.0/24 --destination-ports 443 -o none \
  --destination-addresses "$(netpath --from workstation --to "https://$(az aks show -g rg-vault -n aks-vault --query fqdn -o tsv)" | head -n 1 | grep -oE '\([0-9.]+\) tcp' | grep -oE '[0-9.]+[0-9]')"
