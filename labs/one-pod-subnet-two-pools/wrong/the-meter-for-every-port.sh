# caught-by: meter-to-front
# over-permissive
# The caller is right, the port is any: the addresses of both pools lie mixed.
# like: solution.sh
# - rule --name AllowMeterToBatch --priority 210 --access Allow --protocol Tcp \
# -   --source-address-prefixes "$METER" --destination-port-ranges 8080
# + rule --name AllowMeter --priority 210 --access Allow --protocol Tcp \
# +   --source-address-prefixes "$METER" --destination-port-ranges '*'
