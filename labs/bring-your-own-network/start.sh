#: on-premises-host datacentre 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-corp ports=443

# The subscription is empty: every resource of this lab is the learner's.
az group list -o none
