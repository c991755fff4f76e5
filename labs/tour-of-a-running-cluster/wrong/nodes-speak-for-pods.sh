# caught-by: pod-sees, internet-sees
# Believes that the node puts its address on everything, even between pods, and that it goes to the internet with it.
# like: solution.sh
# - answer pod-sees "$(kubectl exec "$CALLER" -- curl -s "$POD_ADDRESS" | grep -oE "$CLIENT" | head -n 1)"
# + answer pod-sees "$(kubectl get node "$FIRST_NODE" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')"
#
# - answer internet-sees "$(kubectl exec "$POD" -- curl -s ifconfig.me | grep -oE "$CLIENT" | head -n 1)"
# + answer internet-sees "$ADDRESS"
