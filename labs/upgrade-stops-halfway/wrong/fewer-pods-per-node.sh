# caught-by: same-cluster
# seeds: amber, birch
# Smaller nodes need fewer addresses, and hold fewer pods.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# -   az aks nodepool add -g $RG --cluster-name aks-mill -n work2 --node-count "$COUNT" --max-pods 30 -o none \
# +   az aks nodepool add -g $RG --cluster-name aks-mill -n work2 --node-count "$COUNT" --max-pods 20 -o none \
