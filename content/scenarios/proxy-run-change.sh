#: from proxy-world STAGE=cluster
#: clock 2026-09-01T09:00:00Z
#
# A day of change: a second proxy with an authority of its own (10.20.0.5, second-ca.pem), and on the first one, in
# /root/next, the authority that it shall use from now on (next-ca.pem).
az vm create --resource-group rg-proxy --name vm-proxy-2 --image Ubuntu2404 --size Standard_B2s --vnet-name vnet-proxy --subnet snet-proxy --public-ip-address "" --nsg "" --admin-username azureuser --generate-ssh-keys --only-show-errors --output none
az vm run-command invoke --resource-group rg-proxy --name vm-proxy-2 --command-id RunShellScript --output none \
  --scripts 'apt-get update' 'apt-get install -y mitmproxy' 'nohup mitmdump --listen-port 8080 > /var/log/mitmdump.log 2>&1 &'
az vm run-command invoke --resource-group rg-proxy --name vm-proxy-2 --command-id RunShellScript --scripts 'cat ~/.mitmproxy/mitmproxy-ca-cert.pem' --query 'value[0].message' --output tsv | sed -n '/BEGIN/,/END/p' > second-ca.pem
az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --output none \
  --scripts 'timeout 5 mitmdump --listen-port 8081 --set confdir=/root/next > /var/log/next.log 2>&1'
az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --scripts 'cat /root/next/mitmproxy-ca-cert.pem' --query 'value[0].message' --output tsv | sed -n '/BEGIN/,/END/p' > next-ca.pem
kubectl create deployment shell --image=nicolaka/netshoot --replicas=2 -- sleep infinity > /dev/null
