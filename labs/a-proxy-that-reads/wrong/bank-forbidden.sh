# caught-by: bank-unread, bank-login-unread, lookalike-read, bank-issuer
# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmdump --listen-port 8080 --set block_list="|~d savings\.example$|403"
# - answer bank "$(issuer https://savings.example/)"
# + answer bank 'WTS TLS CA 1B2'
# Not read is not the same as not reached. (And mysavings.example is forbidden with it.)
