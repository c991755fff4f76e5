# caught-by: pod-to-orders, every-call-inside
# The orders are in another VNet, which AKS does not know to be inside.
# like: solution.sh
# -   "noProxy": [".svc", ".cluster.local", "10.30.0.4"],
# +   "noProxy": [".svc", ".cluster.local"],
