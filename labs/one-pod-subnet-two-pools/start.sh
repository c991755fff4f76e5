RG=rg-depot
az group create -n $RG -l westeurope -o none

# The network team's part: two subnets for nodes, three for machines. 10.90.4.0/22 is set aside.
az network vnet create -g $RG -n vnet-depot -l westeurope --address-prefixes 10.90.0.0/16 -o none
SUBNET() {
  az network vnet subnet create -g $RG --vnet-name vnet-depot -n "$1" --address-prefixes "$2" "${@:3}" --query id -o tsv
}
SUBNET snet-front 10.90.0.0/26 > /dev/null
SUBNET snet-batch 10.90.0.64/26 > /dev/null
METER=$(SUBNET snet-meter 10.90.1.0/28)
GUEST=$(SUBNET snet-guest 10.90.2.0/28)

# The ledger takes calls from pods' addresses and from nobody else in the network.
az network nsg create -g $RG -n nsg-ledger -l westeurope -o none
az network nsg rule create -g $RG --nsg-name nsg-ledger -n AllowPods --priority 200 --direction Inbound \
  --access Allow --protocol Tcp --source-address-prefixes 10.90.4.0/22 --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges 80 -o none
az network nsg rule create -g $RG --nsg-name nsg-ledger -n DenyOthers --priority 300 --direction Inbound \
  --access Deny --protocol '*' --source-address-prefixes VirtualNetwork --source-port-ranges '*' \
  --destination-address-prefixes '*' --destination-port-ranges '*' -o none
LEDGER=$(SUBNET snet-ledger 10.90.3.0/28 --network-security-group nsg-ledger --default-outbound-access true)

az vm create -g $RG -n vm-meter --image Ubuntu2204 --subnet "$METER" --nsg "" --public-ip-address "" \
  --admin-username azureuser --generate-ssh-keys -o none
az vm create -g $RG -n vm-guest --image Ubuntu2204 --subnet "$GUEST" --nsg "" --public-ip-address "" \
  --admin-username azureuser --generate-ssh-keys -o none
az vm create -g $RG -n vm-ledger --image Ubuntu2204 --subnet "$LEDGER" --nsg "" --public-ip-address "" \
  --admin-username azureuser --generate-ssh-keys -o none
az vm run-command invoke -g $RG -n vm-ledger --command-id RunShellScript --scripts 'apt-get install -y nginx' -o none
