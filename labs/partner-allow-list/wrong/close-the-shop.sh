# caught-by: never-closed
# like: solution.sh
# + kubectl delete service shop
# + kubectl expose deployment shop --port 80 --type LoadBalancer
