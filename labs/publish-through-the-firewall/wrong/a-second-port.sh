# caught-by: nothing-else-in
# over-permissive
# The administration at a port that nobody will guess, for everybody.
# like: solution.sh
az network firewall nat-rule create -g rg-shop --firewall-name fw-shop --collection-name publish -n again -o none --protocols TCP \
  --source-addresses '*' --destination-addresses "$PUBLIC" --destination-ports 9090 --translated-address "$(inside admin)" --translated-port 80
