#!/usr/bin/env bash
# An address of its own for the proxy, ssh, and the tarball, run by a user who is not root. The clients lose their NAT
# gateway; curl is told which CA to trust and keeps the machine's store as it is.
set -euo pipefail

RG=rg-watch
rule() { # group, name, priority, what else
  az network nsg rule create -g $RG --nsg-name "$1" -n "$2" --priority "$3" "${@:4}" -o none
}
# Closed first, open later: once it has an address, the whole internet knocks.
ME=$(curl -s ifconfig.me)
rule nsg-proxy Ssh 150 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes "$ME" 10.70.3.0/27 \
  --destination-port-ranges 22
rule nsg-proxy Clients 160 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.70.2.0/26 \
  --destination-port-ranges 8080
rule nsg-proxy Rest 170 --direction Inbound --access Deny --protocol '*' --source-address-prefixes '*' \
  --destination-port-ranges '*'
az network public-ip create -g $RG -n pip-proxy --sku Standard -o none
NIC=$(az vm show -g $RG -n vm-proxy --query 'networkProfile.networkInterfaces[0].id' -o tsv)
CONFIG=$(az network nic show --ids "$NIC" --query 'ipConfigurations[0].name' -o tsv)
az network nic ip-config update -g $RG --nic-name "${NIC##*/}" -n "$CONFIG" --public-ip-address pip-proxy -o none
IP=$(az network public-ip show -g $RG -n pip-proxy --query ipAddress -o tsv)

ssh -o StrictHostKeyChecking=no azureuser@"$IP" bash -s <<'VM'
set -e
VERSION=12.2.3
curl -fsSLO https://downloads.mitmproxy.org/$VERSION/mitmproxy-$VERSION-linux-x86_64.tar.gz
sudo tar -xzf mitmproxy-$VERSION-linux-x86_64.tar.gz -C /usr/local/bin
sudo tee /etc/systemd/system/proxy.service > /dev/null <<'UNIT'
[Unit]
Description=the proxy of the clients

[Service]
User=azureuser
ExecStart=/usr/local/bin/mitmdump --mode regular -p 8080 --set ignore_hosts='(^|\.)savings\.example:443$'

[Install]
WantedBy=multi-user.target
UNIT
sudo systemctl daemon-reload
sudo systemctl enable proxy
sudo systemctl start proxy
VM

az network vnet subnet update -g $RG --vnet-name vnet-watch -n snet-clients --remove natGateway -o none
ssh azureuser@"$IP" 'cat ~/.mitmproxy/mitmproxy-ca-cert.pem' > ca.pem
PROXY=$(az network nic show --ids "$NIC" --query 'ipConfigurations[0].privateIPAddress' -o tsv)
az vm run-command invoke -g $RG -n vm-client --command-id RunShellScript -o none --scripts "echo $(base64 -w0 ca.pem) | base64 -d > /tmp/ca.pem
export https_proxy=http://$PROXY:8080
curl -sS --cacert /tmp/ca.pem https://www.example.com/reports/2026"
ssh azureuser@"$IP" 'sudo journalctl -u proxy --no-pager | grep -A1 reports'
answer web mitmproxy
answer bank "$(az vm run-command invoke -g $RG -n vm-client --command-id RunShellScript --query 'value[0].message' -o tsv \
  --scripts "openssl s_client -proxy $PROXY:8080 -connect savings.example:443 -servername savings.example </dev/null 2>/dev/null | openssl x509 -noout -issuer" \
  | sed -n 's/.*CN *= *//p')"
