# caught-by: dev-to-data, web-to-data-ssh, data-to-web, desk-to-data, printer-to-dev, web-to-printer, the-rest
# over-permissive
# One rule for everything.
# like: solution.sh
# - allow web-to-data 10.1.0.0/24 10.2.0.0/24 80
# + allow everything '*' '*' '*'
# - allow dev-to-web 10.3.0.0/24 10.1.0.0/24 80
# - allow desk-to-dev 192.168.20.10 10.3.0.0/24 22
# - allow web-to-ledger 10.1.0.0/24 192.168.20.30 443
