# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmweb --no-web-open-browser -p 8080 --listen-host 0.0.0.0 --ignore-hosts "^savings[.]example$" --ignore-hosts "[.]savings[.]example$"
# - rule nsg-proxy NobodyElse 300 --direction Inbound --access Deny --protocol '*' \
# + rule nsg-proxy no-one-else 4000 --direction Inbound --access Deny --protocol Tcp \
# The page stays on 127.0.0.1, two expressions instead of one, and a restart that somebody tries.
az vm restart -g $RG -n vm-proxy
on vm-client "curl -sS -x $PROXY https://www.example.com/again"
