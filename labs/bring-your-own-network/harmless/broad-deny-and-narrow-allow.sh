# Everything from the data centre is closed, not only the kubelet; the monitoring has a rule of its own.
# like: solution.sh
# -   --destination-address-prefixes '*' --destination-port-ranges 10250 --output none
# +   --destination-address-prefixes '*' --destination-port-ranges '*' --output none
# + az network nsg rule create --resource-group rg-corp --nsg-name nsg-aks --name AllowMonitoring --priority 150 \
# +   --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.60.8.0/24 \
# +   --destination-port-ranges 10250 --output none
