# caught-by: proved
# like: solution.sh
# - issuer() {
# -   on vm-client "curl -sSv -o /dev/null -x $PROXY $1 2>&1" | sed -n 's/.*issuer:.*CN=\([^;]*\).*/\1/p'
# - }
# - answer web "$(issuer https://www.example.com/hello)"
# - answer bank "$(issuer https://savings.example/)"
# + on vm-proxy 'curl -sS -x http://127.0.0.1:8080 --cacert /root/.mitmproxy/mitmproxy-ca-cert.pem https://www.example.com/hello'
# + answer web mitmproxy
# + answer bank 'WTS TLS CA 1B2'
