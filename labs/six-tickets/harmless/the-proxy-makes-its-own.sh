# Without files the proxy makes itself a CA when it starts.
# seeds: birch
# like: solution.sh
# - openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/O=Parcels/CN=Parcels proxy CA 2' -addext keyUsage=critical,keyCertSign,cRLSign -keyout key.pem -out mitmproxy-ca-cert.pem
# + rm *
# - cat key.pem mitmproxy-ca-cert.pem > mitmproxy-ca.pem
# + true
