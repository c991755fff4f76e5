# caught-by: managed-gateway
# like: solution.sh
# -   --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 10 \
# +   --outbound-type managedNATGateway --nat-gateway-idle-timeout 10 \
