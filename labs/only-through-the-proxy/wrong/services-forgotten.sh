# caught-by: pod-to-web, every-call-inside
# The range of Services is in the list; names are not in a range.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# +   "noProxy": ["10.30.0.4"],
