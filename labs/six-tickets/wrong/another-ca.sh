# caught-by: desk-pays, night-pays, desk-stock, desk-labels, everything, everything-works, desk-past-proxy, node-past-proxy, office-to-proxy, office-to-stock
# seeds: dune
# Trusts a CA of the right name, and it is not the one that signs.
# like: solution.sh
# -   on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > ca.pem
# +   openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/CN=mitmproxy/O=mitmproxy' -keyout key.pem -out ca.pem
