# caught-by: customer-to-shop, office-to-admin, every-connection, customer-to-admin, out-as-before
# A network rule for the answers. It is not that the firewall has no rule: it has no conversation.
set -e
az aks get-credentials -g rg-shop -n aks-shop --overwrite-existing
answer arrives yes
answer lost-at fw-shop
az network firewall network-rule create -g rg-shop --firewall-name fw-shop --collection-name answers -n out --action Allow --priority 300 \
  --protocols TCP --source-addresses 10.40.0.0/24 --destination-addresses 203.0.113.0/24 --destination-ports 40000-65000 -o none
