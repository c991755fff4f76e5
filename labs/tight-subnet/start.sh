#: on-premises-host licences 10.1.2.3 prefix=10.1.0.0/16 vnet=vnet-works ports=443

RG=rg-works
az group create -n $RG -l westeurope -o none

# The plant: one /25 with the machines of another team in it, and an NSG without rules of its own.
az network nsg create -g $RG -n nsg-line -l westeurope -o none
az network vnet create -g $RG -n vnet-works -l westeurope --address-prefixes 10.70.0.0/22 -o none
az network vnet subnet create -g $RG --vnet-name vnet-works -n snet-line --address-prefixes 10.70.0.0/25 \
  --network-security-group nsg-line -o none
LINE=$(az network vnet subnet show -g $RG --vnet-name vnet-works -n snet-line --query id -o tsv)
for NUMBER in 1 2 3 4 5 6; do
  az vm create -g $RG -n vm-agent-$NUMBER --image Ubuntu2204 --subnet "$LINE" --nsg "" --public-ip-address "" \
    --admin-username azureuser --generate-ssh-keys -o none
done

# The control room: a peered VNet.
az network vnet create -g $RG -n vnet-control -l westeurope --address-prefixes 10.80.0.0/16 -o none
az network vnet subnet create -g $RG --vnet-name vnet-control -n snet-historian --address-prefixes 10.80.0.0/24 \
  --default-outbound-access true -o none
az network vnet subnet create -g $RG --vnet-name vnet-control -n snet-contractor --address-prefixes 10.80.9.0/24 -o none
az network vnet peering create -g $RG --vnet-name vnet-works -n to-control --remote-vnet vnet-control --allow-vnet-access -o none
az network vnet peering create -g $RG --vnet-name vnet-control -n to-works --remote-vnet vnet-works --allow-vnet-access -o none
for NAME in historian contractor; do
  SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-control -n snet-$NAME --query id -o tsv)
  az vm create -g $RG -n vm-$NAME --image Ubuntu2204 --subnet "$SUBNET" --nsg "" --public-ip-address "" \
    --admin-username azureuser --generate-ssh-keys -o none
done
az vm run-command invoke -g $RG -n vm-historian --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
