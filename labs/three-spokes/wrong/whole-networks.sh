# caught-by: web-to-data-ssh, the-rest
# over-permissive
# Networks instead of calls: any port.
# like: solution.sh
# - allow web-to-data 10.1.0.0/24 10.2.0.0/24 80
# + allow web-to-data 10.1.0.0/24 10.2.0.0/24 '*'
