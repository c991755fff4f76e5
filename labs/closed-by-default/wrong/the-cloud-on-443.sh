# caught-by: pod-to-files, the-rest
# over-permissive
# The addresses of the whole cloud, since the API server is in it.
# like: solution.sh
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name cloud -n api-server --action Allow --priority 100 \
  --protocols TCP --source-addresses 10.42.1.0/24 --destination-addresses AzureCloud --destination-ports 443 -o none
