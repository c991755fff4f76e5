# What the learner changes on the tour does not change the answers.
# like: solution.sh

kubectl scale deployment web --replicas=1
az aks nodepool scale -g rg-tour --cluster-name aks-tour -n second --node-count 4 -o none
kubectl create deployment mine --image=httpd
