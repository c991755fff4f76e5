# caught-by: the-rest
# over-permissive
# Ports that nobody listens on today.
# like: solution.sh
az network firewall network-rule create -g rg-works --firewall-name fw-hub --collection-name spokes -n later -o none \
  --protocols TCP --source-addresses 10.0.0.0/8 --destination-addresses 10.0.0.0/8 --destination-ports 8000-8100
