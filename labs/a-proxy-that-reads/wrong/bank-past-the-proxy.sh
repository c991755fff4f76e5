# caught-by: nothing-past, bank-unread, bank-login-unread, bank-issuer
# over-permissive
# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmdump --listen-port 8080
# - answer bank "$(issuer https://savings.example/)"
# + answer bank 'WTS TLS CA 1B2'
# A hole in the group instead of a tunnel in the proxy.
rule nsg-clients Bank 190 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes 198.51.100.20 --destination-port-ranges 443
