# Makes all pods anew afterwards, which nobody needed.
# like: solution.sh
kubectl rollout restart daemonset/desk deployment/night deployment/labels deployment/counter
sleep 60
