# caught-by: node-subnet, historian-sees-pod, historian-to-pod, agent-to-pod, agent-sees-pod, contractor-to-pod, closed-after-upgrade
# Room for everybody, and pods that nobody outside the cluster can call.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
#
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# +   --network-plugin azure --network-plugin-mode overlay --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
