#: from peering
#
# The shop and the laboratory are both peered with the data, with every flag that both ends may have.
for pair in shop:data data:shop data:lab lab:data; do
  az network vnet peering create --resource-group rg-net --vnet-name vnet-${pair%:*} --name ${pair/:/-to-} --remote-vnet vnet-${pair#*:} \
    --allow-vnet-access --allow-forwarded-traffic --output none
done
