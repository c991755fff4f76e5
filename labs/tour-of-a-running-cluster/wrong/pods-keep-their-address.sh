# caught-by: vm-sees, branch-sees, internet-sees
# Believes that a pod keeps its address everywhere.
# like: solution.sh
# - VM=$(az vm list-ip-addresses -g rg-tour -n vm-shop --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv)
# - answer vm-sees "$(kubectl exec "$POD" -- curl -s "$VM" | grep -oE "$CLIENT" | head -n 1)"
# - answer branch-sees "$(kubectl exec "$POD" -- curl -s 10.1.2.3 | grep -oE "$CLIENT" | head -n 1)"
# - answer internet-sees "$(kubectl exec "$POD" -- curl -s ifconfig.me | grep -oE "$CLIENT" | head -n 1)"
# + for KEY in vm-sees branch-sees internet-sees; do answer $KEY "$POD_ADDRESS"; done
