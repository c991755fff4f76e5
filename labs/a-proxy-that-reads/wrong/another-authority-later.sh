# caught-by: proved
# like: solution.sh
on vm-proxy 'systemctl stop mitmdump; rm -r /root/.mitmproxy; systemctl start mitmdump'
