#!/usr/bin/env bash
# The NAT gateway for both subnets, mitmproxy by apt as a unit, everything by run-command.
set -euo pipefail

RG=rg-watch
on() {
  az vm run-command invoke -g $RG -n "$1" --command-id RunShellScript --scripts "$2" --query 'value[0].message' -o tsv
}

az network vnet subnet update -g $RG --vnet-name vnet-watch -n snet-proxy --nat-gateway natgw-out -o none
on vm-proxy 'apt-get update && apt-get install -y mitmproxy
cat > /etc/systemd/system/mitmdump.service <<"UNIT"
[Unit]
Description=mitmdump
After=network-online.target

[Service]
ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
Restart=always

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now mitmdump'

rule() { # group, name, priority, what else
  az network nsg rule create -g $RG --nsg-name "$1" -n "$2" --priority "$3" "${@:4}" -o none
}
rule nsg-proxy ClientsToProxy 200 --direction Inbound --access Allow --protocol Tcp \
  --source-address-prefixes 10.70.2.0/26 --destination-port-ranges 8080
rule nsg-proxy NobodyElse 300 --direction Inbound --access Deny --protocol '*' \
  --source-address-prefixes '*' --destination-port-ranges 8080
rule nsg-clients NothingOut 200 --direction Outbound --access Deny --protocol '*' \
  --destination-address-prefixes Internet --destination-port-ranges '*'

CA=$(on vm-proxy 'cat /root/.mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN CERT/,/END CERT/p')
PROXY=http://$(az vm show -d -g $RG -n vm-proxy --query privateIps -o tsv):8080
on vm-client "cat > /usr/local/share/ca-certificates/proxy.crt <<'PEM'
$CA
PEM
update-ca-certificates"
issuer() {
  on vm-client "curl -sSv -o /dev/null -x $PROXY $1 2>&1" | sed -n 's/.*issuer:.*CN=\([^;]*\).*/\1/p'
}
answer web "$(issuer https://www.example.com/hello)"
answer bank "$(issuer https://savings.example/)"
on vm-proxy 'journalctl -u mitmdump --no-pager | grep GET'
