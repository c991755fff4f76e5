# After the repair the whole cluster goes on to 1.36.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# - answer short-of "$SUBNET"
# - answer missing $((NEEDED - USABLE))
# - answer because $CAUSE
# -
#
# -     exit 0
#
# - az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none
# + if az aks nodepool show -g $RG --cluster-name aks-mill -n work -o none 2> /dev/null; then
# +   az aks nodepool upgrade -g $RG --cluster-name aks-mill -n work --kubernetes-version 1.35 --yes -o none
# + fi
# + az aks upgrade -g $RG -n aks-mill --kubernetes-version 1.36 --yes -o none
# +
# + answer short-of "$SUBNET"
# + answer missing $((NEEDED - USABLE))
# + answer because $CAUSE
