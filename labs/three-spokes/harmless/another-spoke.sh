# A fourth spoke that calls nobody.
# like: solution.sh
az network vnet create -g rg-works -n vnet-test --address-prefixes 10.4.0.0/16 --subnet-name snet-test --subnet-prefixes 10.4.0.0/24 -o none
for PAIR in hub:test test:hub; do
  az network vnet peering create -g rg-works --vnet-name vnet-${PAIR%:*} -n to-${PAIR#*:} --remote-vnet vnet-${PAIR#*:} --allow-vnet-access -o none
done
