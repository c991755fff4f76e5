# One host instead of a range, where one is enough.
# like: solution.sh
az network firewall policy rule-collection-group collection rule update -g rg-company --policy-name pol-company --rcg-name outside \
  --collection-name names -n payments --source-addresses 10.10.0.4 10.10.0.5 -o none
