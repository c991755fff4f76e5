# caught-by: printer-to-dev, web-to-printer, the-rest
# over-permissive
# The whole network on-premises instead of two hosts.
# like: solution.sh
# - allow desk-to-dev 192.168.20.10 10.3.0.0/24 22
# + allow desk-to-dev 192.168.20.0/24 10.3.0.0/24 22
# - allow web-to-ledger 10.1.0.0/24 192.168.20.30 443
# + allow web-to-ledger 10.1.0.0/24 192.168.20.0/24 443
