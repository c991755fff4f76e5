# caught-by: after-restart
# like: solution.sh
# - cat > /etc/systemd/system/mitmdump.service <<"UNIT"
# - [Unit]
# - Description=mitmdump
# - After=network-online.target
# - 
# - [Service]
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# - Restart=always
# - 
# - [Install]
# - WantedBy=multi-user.target
# - UNIT
# - systemctl daemon-reload
# - systemctl enable --now mitmdump'
# + nohup mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$" > /var/log/mitmdump.log 2>&1 &'
# - on vm-proxy 'journalctl -u mitmdump --no-pager | grep GET'
# + on vm-proxy 'grep GET /var/log/mitmdump.log'
