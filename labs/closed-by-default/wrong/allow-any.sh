# caught-by: pod-to-drop, node-to-drop, pod-to-sister, pod-to-lookalike, pod-to-files, pod-to-api-plain, pod-to-drop-ssh, the-rest
# over-permissive
# A firewall with one rule for everything.
# like: solution.sh
az network firewall network-rule create -g rg-vault --firewall-name fw-vault --collection-name all -n any --action Allow --priority 100 \
  --protocols Any --source-addresses '*' --destination-addresses '*' --destination-ports '*' -o none
