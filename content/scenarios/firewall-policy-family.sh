#: from firewall-policy
#
# The policy of the firewall gets a parent, policy-corp, with one group of a large priority number: a network rule and an
# application rule that deny.
az network firewall policy create --resource-group rg-hub --name policy-corp --enable-dns-proxy true --output none
az network firewall policy rule-collection-group create --resource-group rg-hub --policy-name policy-corp --name corp --priority 60000 --output none
corp="--resource-group rg-hub --policy-name policy-corp --rcg-name corp"
az network firewall policy rule-collection-group collection add-filter-collection $corp --name no-docker --collection-priority 60000 --action Deny --rule-name docker --rule-type ApplicationRule --source-addresses '*' --target-fqdns '*.docker.io' --protocols Https=443 --output none
az network firewall policy rule-collection-group collection add-filter-collection $corp --name no-partner --collection-priority 60010 --action Deny --rule-name partner --rule-type ApplicationRule --source-addresses '*' --target-fqdns partner.example.net --protocols Https=443 --output none
az network firewall policy update --resource-group rg-hub --name policy-hub --set basePolicy.id="$(az network firewall policy show --resource-group rg-hub --name policy-corp --query id --output tsv)" --output none
