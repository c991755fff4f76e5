# Tidies the other old routes away as well.
# like: solution.sh
for TABLE in rt-aks rt-data rt-archive; do
  for ROUTE in lab-2024 partner; do
    az network route-table route delete -g rg-books --route-table-name $TABLE -n $ROUTE
  done
done
