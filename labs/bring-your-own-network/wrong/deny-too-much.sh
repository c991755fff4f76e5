# caught-by: pod-to-pod, pod-to-pod-back, pods-closed, kubelet-closed, probe-reaches-node
# Denying everything inbound also cuts what comes from the pods of other nodes.
# like: solution.sh
# -   --priority 200 --direction Inbound --access Deny --protocol Tcp \
# -   --source-address-prefixes 10.1.0.0/16 --source-port-ranges '*' \
# -   --destination-address-prefixes '*' --destination-port-ranges 10250 --output none
# +   --priority 200 --direction Inbound --access Deny --protocol '*' \
# +   --source-address-prefixes '*' --source-port-ranges '*' \
# +   --destination-address-prefixes '*' --destination-port-ranges '*' --output none
