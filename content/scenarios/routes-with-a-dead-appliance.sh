#: from routes-of-the-example
#
# The appliance runs, and its own system no longer passes on what is for others.
az vm run-command invoke --resource-group rg-net --name vm-nva --command-id RunShellScript --scripts 'sysctl -w net.ipv4.ip_forward=0' --output none
