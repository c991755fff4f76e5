# caught-by: seen-source, groups-asked, data-rule
# like: solution.sh
# - answer source "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.hostIP}')"
# - answer groups 4
# - answer rule "$(az network nsg rule list -g rg-bank --nsg-name nsg-data \
# -   --query "sort_by([?access=='Deny'], &priority)[0].name" -o tsv)"
# + answer source "$(kubectl get pods -l app=orders -o jsonpath='{.items[0].status.podIP}')"
# + answer groups 3
# + answer rule DenyAllInBound
