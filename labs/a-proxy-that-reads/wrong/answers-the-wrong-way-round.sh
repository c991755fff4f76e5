# caught-by: web-issuer, bank-issuer
# like: solution.sh
# - answer web "$(issuer https://www.example.com/hello)"
# + issuer https://www.example.com/hello
# - answer bank "$(issuer https://savings.example/)"
# + answer web 'WTS TLS CA 1B2'
# + answer bank mitmproxy
