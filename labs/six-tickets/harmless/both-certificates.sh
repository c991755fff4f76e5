# The nodes may know the old certificate besides the new one.
# seeds: birch, dune
# like: solution.sh
# -   on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > ca.pem
# +   on_proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > ca.pem; az aks show -g $RG -n aks-parcels --query httpProxyConfig.trustedCa -o tsv | base64 -d >> ca.pem
