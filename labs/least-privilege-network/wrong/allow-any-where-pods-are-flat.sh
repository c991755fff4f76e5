# caught-by: jump-kubelet, build-ssh, build-pod, whole-subnet
# over-permissive
# With Node Subnet pods have addresses of the VNet, and a rule that allows anything opens them too.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# - az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyAdmins --priority 200 --direction Inbound \
# + az network nsg rule create -g $RG --nsg-name nsg-nodes -n DenyAdmins --priority 400 --direction Inbound \
#
# - az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure --network-plugin-mode overlay \
# -   --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
# + az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure \
# +   --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \

az network nsg rule create -g $RG --nsg-name nsg-nodes -n AllowAny --priority 300 --direction Inbound --access Allow \
  --protocol '*' --source-address-prefixes '*' --source-port-ranges '*' --destination-address-prefixes '*' \
  --destination-port-ranges '*' -o none
