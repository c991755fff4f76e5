# caught-by: lookalike-read, other-domain-read
# over-permissive
# like: solution.sh
# - ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts "^(.+\.)?savings\.example$"
# + ExecStart=/usr/bin/mitmdump --listen-port 8080 --ignore-hosts savings.example
