# Other entries that say the same, more of them, and a variable that only curl reads.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# +   "noProxy": ["localhost", "svc.cluster.local", "10.30.0.4", "10.30.0.0/16", "corp.example"],
# -           env: [{ name: SSL_CERT_FILE, value: /etc/proxy/proxy-ca.pem }]
# +           env: [{ name: CURL_CA_BUNDLE, value: /etc/proxy/proxy-ca.pem }]
