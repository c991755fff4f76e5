# caught-by: pod-to-pod, pod-to-pod-back
# Denies all and lets in the nodes: but with Overlay the NSG sees the addresses of pods.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --access Deny --protocol '*' --source-address-prefixes 10.60.8.0/24 --source-port-ranges '*' \
# +   --access Deny --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' \

az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowNodes --priority 150 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes 10.60.0.0/24 --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges '*' -o none
