# The repair first, the answers at the end; and more looking around than needed.
# Looks for each of the things that a change can break, and mends the one it finds.
# like: solution.sh
# - # Looks for each of the things that a change can break, and mends the one it finds.
#
# - answer cut-off "$CUT_OFF"
# + LATER="$CUT_OFF"
#
# -   node/*) answer decided-by node ;;
# -   *denied-*) answer decided-by nsg ;;
# -   *) answer decided-by route ;;
# +   node/*) KIND=node ;;
# +   *denied-*) KIND=nsg ;;
# +   *) KIND=route ;;

kubectl get pods -A -o wide > /dev/null
az network nsg list -g $RG -o table > /dev/null
answer decided-by "$KIND"
answer cut-off "$LATER"
