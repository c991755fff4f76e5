# caught-by: room-left, upgrade-runs
# 2 x (56 + 1) = 114 addresses fit as long as nobody upgrades.
# like: solution.sh
# - # Two nodes and one more during an upgrade: 3 x (37 + 1) = 114. The pods of the system take 6 places on
# - # each node and 7 more on either, which leaves 2 x 37 - 19 = 55.
#
# -   --network-plugin azure --max-pods 37 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
# +   --network-plugin azure --max-pods 56 --vnet-subnet-id "$SUBNET_ID" --generate-ssh-keys --output none
