# like: solution-2.sh
# - sleep 600
# + kubectl scale deployment checkout --replicas 6
# + az aks update -g rg-shop -n aks-shop --load-balancer-idle-timeout 10 -o none
