# caught-by: data-to-payments, shop-to-reports, everything-else
# over-permissive
# seeds: amber
# A network rule for everything, after everything was mended.
# like: solution.sh
az network firewall policy rule-collection-group collection rule add -g rg-company --policy-name pol-company --rcg-name inside \
  --collection-name calls -n everything --rule-type NetworkRule --ip-protocols Any --source-addresses '*' \
  --destination-addresses '*' --destination-ports '*' -o none
