# caught-by: bank-unread, bank-login-unread, bank-issuer
# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example:443$"
# - answer bank "$(issuer https://savings.example/)"
# + answer bank 'WTS TLS CA 1B2'
