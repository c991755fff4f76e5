# Other things grow meanwhile: an application, a subnet, a stricter rule.
# like: solution-2.sh
# - #!/usr/bin/env bash
# - # Another way: part of the pool moves out, the surge is a number, the pod range becomes as large as it may.
#
# - az aks get-credentials -g $RG -n aks-mill --overwrite-existing --only-show-errors
# + az aks get-credentials -g $RG -n aks-mill --overwrite-existing --only-show-errors
# +
# + kubectl create deployment extra --image=httpd --replicas=3
# + az network vnet subnet create -g $RG --vnet-name vnet-mill -n snet-later --address-prefixes 10.50.20.0/24 -o none
# + az network nsg rule create -g $RG --nsg-name nsg-mill -n DenyPartnerOutBound --priority 410 --direction Outbound \
# +   --access Deny --protocol '*' --destination-address-prefixes 10.50.9.0/24 --destination-port-ranges '*' -o none
