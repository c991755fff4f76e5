# More than was asked for: another deployment, a stricter NSG rule, another route, a fourth node.
# Looks for each of the things that a change can break, and mends the one it finds.
# like: solution.sh
# - # Looks for each of the things that a change can break, and mends the one it finds.

kubectl create deployment extra --image=httpd --replicas=3
az network nsg rule create -g $RG --nsg-name nsg-nodes-1 -n DenyPartnerOutBound --priority 410 --direction Outbound \
  --access Deny --protocol '*' --destination-address-prefixes 10.60.9.0/24 --destination-port-ranges '*' -o none
az network route-table route create -g $RG --route-table-name rt-shop -n also-closed \
  --address-prefix 10.97.0.0/16 --next-hop-type None -o none
