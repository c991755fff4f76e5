# caught-by: bridge-address, neighbour-mac
# seeds: amber, cedar
# Reads eth0 where cbr0 is asked, and cbr0 where eth0 is.
# like: solution.sh
# - answer bridge-address "${BRIDGE%/24}"
# - MAC=$(kubectl debug node/"$NODE" --image=busybox -- arp -a | grep 'on eth0' | head -n 1 | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}')
# + answer bridge-address "$(kubectl get node "$NODE" -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')"
# + MAC=$(kubectl debug node/"$NODE" --image=busybox -- arp -a | grep 'on cbr0' | head -n 1 | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}')
