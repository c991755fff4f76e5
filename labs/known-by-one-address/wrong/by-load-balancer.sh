# caught-by: managed-gateway, managed-source, managed-addresses
# like: solution.sh
# -   --outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count 2 --nat-gateway-idle-timeout 10 \
# +   --outbound-type loadBalancer --load-balancer-managed-outbound-ip-count 2 --load-balancer-idle-timeout 10 \
# -   --query "networkProfile.natGatewayProfile.effectiveOutboundIPs[].id" -o tsv); do
# +   --query "networkProfile.loadBalancerProfile.effectiveOutboundIPs[].id" -o tsv); do
