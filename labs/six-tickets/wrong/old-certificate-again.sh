# caught-by: everything, everything-works
# seeds: birch
# Gives the nodes what the proxy has: it is what they have already.
# like: solution.sh
# - systemctl restart mitmproxy"
# + rm key.pem"
# - openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/O=Parcels/CN=Parcels proxy CA 2' -addext keyUsage=critical,keyCertSign,cRLSign -keyout key.pem -out mitmproxy-ca-cert.pem
# + true
# - cat key.pem mitmproxy-ca-cert.pem > mitmproxy-ca.pem
# + true
