# caught-by: pod-to-drop, out-as-before
# over-permissive
# And since we are at it, pods may call whatever they like.
# like: solution.sh
az network firewall network-rule create -g rg-shop --firewall-name fw-shop --collection-name cluster -n everything \
  --protocols Any --source-addresses 10.40.0.0/24 --destination-addresses '*' --destination-ports '*' -o none
