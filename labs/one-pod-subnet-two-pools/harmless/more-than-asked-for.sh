# A Service for each, more pods, another subnet elsewhere, and what comes from the internet is closed too.
# like: solution.sh
# - YAML
# -
# + YAML
# +
# + kubectl scale deployment front --replicas=16
# + kubectl expose deployment front --port=80
# + kubectl expose deployment batch --port=8080
# + az network vnet subnet create --resource-group rg-depot --vnet-name vnet-depot --name snet-later \
# +   --address-prefixes 10.90.6.0/24 --output none
# + az network vnet subnet delete --resource-group rg-depot --vnet-name vnet-depot --name snet-later
# + az network vnet subnet create --resource-group rg-depot --vnet-name vnet-depot --name snet-elsewhere \
# +   --address-prefixes 10.90.8.0/24 --output none
# +
#
# - rule --name DenyTheRest --priority 300 --access Deny --protocol '*' \
# -   --source-address-prefixes VirtualNetwork --destination-port-ranges '*'
# + rule --name DenyTheRest --priority 4096 --access Deny --protocol '*' \
# +   --source-address-prefixes '*' --destination-port-ranges '*'
