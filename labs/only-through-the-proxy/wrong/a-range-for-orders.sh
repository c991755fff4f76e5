# caught-by: every-call-inside
# curl, Go and requests read a range. Python's urllib does not.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# +   "noProxy": [".svc", ".cluster.local", "10.30.0.0/16"],
