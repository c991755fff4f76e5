# The administrators are closed out where they leave, too; a public address outside is denied.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.

az network nsg create -g $RG -n nsg-admins -o none
az network nsg rule create -g $RG --nsg-name nsg-admins -n AllowSshOut --priority 100 --direction Outbound --access Allow \
  --protocol Tcp --source-address-prefixes 10.60.8.10 --destination-address-prefixes 10.60.0.0/24 \
  --destination-port-ranges 22 -o none
az network nsg rule create -g $RG --nsg-name nsg-admins -n DenyNodesOut --priority 200 --direction Outbound --access Deny \
  --protocol '*' --destination-address-prefixes 10.60.0.0/24 --destination-port-ranges '*' -o none
az network vnet subnet update -g $RG --vnet-name vnet-bank -n snet-admins --network-security-group nsg-admins -o none
