# like: solution.sh
# - systemctl enable --now mitmdump'
# + nohup mitmdump --ignore-hosts "^(.+\.)?savings\.example$" > /var/log/mitmdump.log 2>&1 &'
# - on vm-proxy 'journalctl -u mitmdump --no-pager | grep GET'
# First by hand; the unit takes over, with the same folder of certificates. A proof that was given before stays one.
on vm-proxy 'pkill mitmdump; systemctl enable --now mitmdump; systemctl is-active mitmdump'
