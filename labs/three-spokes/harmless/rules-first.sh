# Rules and tables with other names, and the firewall's internet is open for nobody.
# like: solution.sh
# - allow web-to-data 10.1.0.0/24 10.2.0.0/24 80
# + allow a 10.1.0.4 10.2.0.4 80
# - allow dev-to-web 10.3.0.0/24 10.1.0.0/24 80
# + allow b 10.3.0.4 10.1.0.4 80
