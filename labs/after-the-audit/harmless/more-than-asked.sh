# Other apps, another rule that denies, a rule that says the same once more, and a wider range for probes.
# like: solution.sh

kubectl create deployment extra --image=httpd --replicas=2
for GROUP in nsg-system nsg-apps; do
  az network nsg rule create -g $RG --nsg-name $GROUP -n DenyGuests --priority 110 --direction Inbound --access Deny \
    --protocol '*' --source-address-prefixes 10.80.0.0/16 --destination-port-ranges '*' -o none
  az network nsg rule create -g $RG --nsg-name $GROUP -n AllowNames --priority 210 --direction Inbound --access Allow \
    --protocol Udp --source-address-prefixes 10.244.0.0/16 --destination-address-prefixes 10.244.0.0/16 \
    --destination-port-ranges 53 -o none
  az network nsg rule update -g $RG --nsg-name $GROUP -n a17-03 --destination-address-prefixes '*' \
    --destination-port-ranges '*' -o none
done
