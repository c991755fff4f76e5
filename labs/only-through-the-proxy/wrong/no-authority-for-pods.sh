# caught-by: pod-trusts
# What nodes trust, containers do not.
# like: solution.sh
# -           env: [{ name: SSL_CERT_FILE, value: /etc/proxy/proxy-ca.pem }]
