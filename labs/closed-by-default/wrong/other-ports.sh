# caught-by: the-rest
# over-permissive
# Ports that nobody uses today, to everybody.
# like: solution.sh
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name extra -n x --action Allow --priority 150 -o none \
  --protocols TCP --source-addresses 10.42.1.0/24 --destination-addresses '*' --destination-ports 9090-9100
