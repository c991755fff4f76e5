# With what the tutorial allows besides: the tunnel's old ports and the time.
# like: solution.sh
az network firewall update -g rg-vault -n fw-vault --enable-dns-proxy true -o none
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name tutorial -n apiudp --action Allow --priority 100 \
  --protocols UDP --source-addresses '*' --destination-addresses AzureCloud.westeurope --destination-ports 1194 -o none
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name tutorial -n apitcp \
  --protocols TCP --source-addresses '*' --destination-addresses AzureCloud.westeurope --destination-ports 9000 -o none
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name tutorial -n time \
  --protocols UDP --source-addresses '*' --destination-fqdns ntp.ubuntu.com --destination-ports 123 -o none
