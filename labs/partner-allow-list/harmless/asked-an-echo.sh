# What a service on the internet says that one comes from is what the acquirer sees.
# like: solution.sh
# - answer before "${OLD%/32}"
# + az aks get-credentials --resource-group rg-pay --name aks-pay
# + answer before "$(kubectl exec deploy/checkout -- curl -s https://ifconfig.me)"
