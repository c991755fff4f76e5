# like: solution.sh
# - systemctl daemon-reload
# + mkdir -p /etc/mitm && cd /etc/mitm
# + openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 365 -subj "/CN=Watch CA" -addext keyUsage=critical,keyCertSign 2>/dev/null
# + cat ca.key ca.crt > mitmproxy-ca.pem
# + sed -i "s#--listen-port 8080#--listen-port 8080 --set confdir=/etc/mitm#" /etc/systemd/system/mitmdump.service
# + systemctl daemon-reload
# - CA=$(on vm-proxy 'cat /root/.mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN CERT/,/END CERT/p')
# + CA=$(on vm-proxy 'cat /etc/mitm/ca.crt' | sed -n '/BEGIN CERT/,/END CERT/p')
# A CA of one's own instead of the one that the first start makes.
