# Who counts between two looks into the node counts the pod of the first, and not that of the second.
# like: solution.sh

kubectl debug "node/$NODE" -it --image=busybox -- ip addr > /dev/null
answer node-address-pods "$(kubectl get pods -A -o json --field-selector "spec.nodeName=$NODE" | jq '[.items[] | select(.spec.hostNetwork)] | length')"
kubectl debug "node/$NODE" -it --image=busybox -- arp -a > /dev/null
