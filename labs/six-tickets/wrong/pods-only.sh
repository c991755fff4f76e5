# caught-by: desk-pays, night-pays, desk-stock, desk-labels, everything, everything-works, desk-past-proxy, node-past-proxy, office-to-proxy, office-to-stock
# seeds: ember
# New pods know the new port, and their nodes cannot pull for them.
# like: solution.sh
# -   update .
# +   kubectl rollout restart daemonset/desk deployment/night deployment/labels
