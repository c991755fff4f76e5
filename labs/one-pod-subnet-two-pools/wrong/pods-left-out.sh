# caught-by: meter-to-front, guest-to-front, front-to-batch, batch-to-front, batch-to-dns
# The pods are in VirtualNetwork too: closing it closes them to each other.
# like: solution.sh
# - rule --name AllowPods --priority 200 --access Allow --protocol '*' \
# -   --source-address-prefixes 10.90.4.0/23 --destination-port-ranges '*'
