# caught-by: bridge-address, neighbour-mac
# seeds: amber, cedar
# Reads eth0 where cbr0 is asked, and cbr0 where eth0 is.
set -euo pipefail

az aks get-credentials -g rg-tour -n aks-tour --overwrite-existing

# Ranges, in order. podCIDR of the second in that order.
POD_CIDR=$(az aks show -g rg-tour -n aks-tour --query networkProfile.podCidr -o tsv)
BASE=$(echo "$POD_CIDR" | cut -d. -f1-2)
RANGE=$BASE.1.0/24
NODE=$(kubectl get nodes -o json | jq -r --arg range "$RANGE" '.items[] | select(.spec.podCIDR == $range) | .metadata.name')
answer range-holder "$NODE"
answer next-range "$BASE.$(kubectl get nodes -o name | wc -l | tr -d ' ').0/24"

# Inside the node
OTHER=$(kubectl get nodes -o name | grep -v "$NODE" | head -n 1)
OTHER_ADDRESS=$(kubectl get "$OTHER" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
BRIDGE=$(kubectl debug node/"$NODE" --image=busybox -- ip addr show cbr0 | grep 'inet ' | awk '{print $2}')
answer bridge-address "$(kubectl get node "$NODE" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')"
MAC=$(kubectl debug node/"$NODE" --image=busybox -- arp -a | grep 'on cbr0' | head -n 1 | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}')
answer neighbour-mac "$MAC"
ADDRESS=$(kubectl get node "$NODE" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')
answer node-address-pods "$(kubectl get pods -A -o wide --no-headers | grep "$NODE" | grep -cw "$ADDRESS")"
answer why-node-address hostNetwork

# Across
answer route-name "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$RANGE'].name" -o tsv)"
answer next-hop "$(az network route-table route list -g rg-tour --route-table-name rt-tour --query "[?addressPrefix=='$RANGE'].nextHopIpAddress" -o tsv)"
FIRST_NODE=$(kubectl get nodes -o json | jq -r --arg range "$BASE.0.0/24" '.items[] | select(.spec.podCIDR == $range) | .metadata.name')
CALLER=$(kubectl get pods -l app=web -o wide --no-headers | grep "$FIRST_NODE" | awk '{print $1}' | sort | head -n 1)
POD=$(kubectl get pods -l app=web -o wide --no-headers | grep "$NODE" | awk '{print $1}' | sort | head -n 1)
POD_ADDRESS=$(kubectl get pod "$POD" -o jsonpath='{.status.podIP}')
CLIENT='([0-9]{1,3}\.){3}[0-9]{1,3}'
answer pod-sees "$(kubectl exec "$CALLER" -- curl -s "$POD_ADDRESS" | grep -oE "$CLIENT" | head -n 1)"

# Outside
VM=$(az vm list-ip-addresses -g rg-tour -n vm-shop --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv)
answer vm-sees "$(kubectl exec "$POD" -- curl -s "$VM" | grep -oE "$CLIENT" | head -n 1)"
answer branch-sees "$(kubectl exec "$POD" -- curl -s 10.1.2.3 | grep -oE "$CLIENT" | head -n 1)"
answer internet-sees "$(kubectl exec "$POD" -- curl -s ifconfig.me | grep -oE "$CLIENT" | head -n 1)"
