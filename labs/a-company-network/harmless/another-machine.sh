# Somebody adds a machine and a rule for it in the hub.
# like: solution.sh
az vm create -g rg-company -n vm-build --image Ubuntu2204 --vnet-name vnet-hub --subnet snet-shared --public-ip-address "" --nsg "" --generate-ssh-keys -o none
az network firewall policy rule-collection-group collection rule add -g rg-company --policy-name pol-company --rcg-name outside \
  --collection-name names -n build --rule-type ApplicationRule --source-addresses 10.0.2.5 --protocols Https=443 --target-fqdns example.com -o none
