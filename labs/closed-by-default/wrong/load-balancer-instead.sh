# caught-by: lives, through-the-firewall, pod-to-drop, node-to-drop, pod-to-sister, pod-to-lookalike, pod-to-files, pod-to-api-plain, pod-to-drop-ssh, the-rest
# over-permissive
# A firewall that nobody is sent to: the cluster keeps its load balancer.
set -e
RG=rg-vault
az aks create -g $RG -n aks-vault --node-count 2 --network-plugin azure --network-plugin-mode overlay --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-vault --overwrite-existing
kubectl create deployment web --image=nginx --replicas=2
