# caught-by: jump-kubelet, build-ssh, whole-subnet
# over-permissive
# A rule that allows anything comes before the one that denies.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyAdmins --priority 200 --direction Inbound \
# + az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyAdmins --priority 400 --direction Inbound \

az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowAny --priority 300 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges '*' -o none
