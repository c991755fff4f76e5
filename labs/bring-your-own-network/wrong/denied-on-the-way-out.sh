# caught-by: kubelet-closed
# The rule stands in the wrong direction.
# like: solution.sh
# -   --priority 200 --direction Inbound --access Deny --protocol Tcp \
# +   --priority 200 --direction Outbound --access Deny --protocol Tcp \
