# caught-by: customers-closed, stock-closed, plant-closed, ratings-closed, payments-closed, every-ticket, pod-to-payments, pod-to-stock, customer-to-shop, pod-to-drop, data-to-payments, shop-to-reports, jump-to-shop, everything-else
# seeds: amber
# Finds all five and mends none.
set -e
az aks get-credentials -g rg-company -n aks-shop --overwrite-existing
answer customers shop-front
answer stock stock
answer plant rt-gateway
answer ratings pe-ratings
answer payments payments
