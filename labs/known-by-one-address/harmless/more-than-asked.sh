# like: solution.sh
# + kubectl scale deployment probe --replicas 4
# + az aks update -g rg-send -n aks-own --tags owner=mail -o none
# + az network nat gateway update -g rg-send -n nat-send --idle-timeout 20 -o none
