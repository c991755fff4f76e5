# caught-by: own-gateway, own-source, own-to-receiver, customer-to-front, customer-reply, same-destination, nobody-by-gateway, nobody-to-mail
# like: solution.sh
# -   --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" --outbound-type userAssignedNATGateway \
# +   --vnet-subnet-id "$SUBNET" --assign-identity "$IDENTITY" --outbound-type managedNATGateway \
