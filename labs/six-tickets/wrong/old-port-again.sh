# caught-by: as-meant
# over-permissive
# seeds: ember
# Takes the move of the proxy back.
# like: solution.sh
# -   update .
# +   on_proxy "sed -i 's/8080/3128/' /etc/systemd/system/mitmproxy.service; systemctl daemon-reload; systemctl restart mitmproxy"
az network nsg rule update -g $RG --nsg-name nsg-proxy -n proxy-from-nodes --destination-port-ranges 3128 8080 -o none
