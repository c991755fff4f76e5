# Three groups stand between a pod and the ledger: nsg-nodes, nsg-data and nsg-ledger. What each of them holds
# already differs with the seed, and so do the ranges.
case $LAB_VARIANT in
  amber) NET=10.60 ;;
  birch) NET=10.84 ;;
  cedar) NET=172.21 ;;
esac
RG=rg-bank

az group create -n $RG -l westeurope -o none
az network vnet create -g $RG -n vnet-bank --address-prefixes $NET.0.0/16 -o none
az network nsg create -g $RG -n nsg-nodes -o none
az network nsg create -g $RG -n nsg-data -o none
az network nsg create -g $RG -n nsg-ledger -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-nodes --address-prefixes $NET.0.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-data --address-prefixes $NET.8.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-bank -n snet-ops --address-prefixes $NET.9.0/24 -o none

machine() {
  az vm create -g $RG -n "$1" --image Ubuntu2204 --vnet-name vnet-bank --subnet "$2" --public-ip-address "" \
    --nsg "$3" --generate-ssh-keys -o none
}
machine vm-ledger snet-data nsg-ledger
machine vm-archive snet-data ""
machine vm-batch snet-ops ""
machine vm-jump snet-ops ""
address() {
  az vm list-ip-addresses -g $RG -n "$1" --query "[0].virtualMachine.network.privateIpAddresses[0]" -o tsv
}
LEDGER=$(address vm-ledger)
JUMP=$(address vm-jump)
for VM in vm-ledger vm-archive vm-batch; do
  az vm run-command invoke -g $RG -n $VM --command-id RunShellScript \
    --scripts 'nohup python3 -m http.server 5432 >/dev/null 2>&1 &' \
    'nohup python3 -m http.server 5433 >/dev/null 2>&1 &' -o none
done

# rule GROUP NAME PRIORITY DIRECTION ACCESS PROTOCOL SOURCES DESTINATIONS PORTS; a star is a star here, and no file.
set -f
rule() {
  az network nsg rule create -g $RG --nsg-name "$1" -n "$2" --priority "$3" --direction "$4" --access "$5" \
    --protocol "$6" --source-address-prefixes $7 --source-port-ranges '*' --destination-address-prefixes $8 \
    --destination-port-ranges "$9" -o none
}

# The nodes talk among themselves, pods too, and to the internet; into the rest of the bank they do not.
CLUSTER="$NET.0.0/24 10.244.0.0/16"
rule nsg-nodes AllowCluster 1000 Outbound Allow '*' "$CLUSTER" "$CLUSTER" '*'
rule nsg-nodes DenyBank 2000 Outbound Deny '*' '*' VirtualNetwork '*'
rule nsg-nodes AllowClusterIn 1000 Inbound Allow '*' "$CLUSTER" "$CLUSTER" '*'

# The data subnet keeps the cluster out. The rest of the bank is used to getting in.
case $LAB_VARIANT in
  amber)
    rule nsg-data DenyCluster 200 Inbound Deny '*' $NET.0.0/24 '*' '*'
    rule nsg-data AllowBank 1000 Inbound Allow '*' VirtualNetwork '*' '*'
    ;;
  birch)
    rule nsg-data DenyCluster 100 Inbound Deny Tcp "$CLUSTER" $NET.8.0/24 1-65535
    rule nsg-data DenyClusterUdp 101 Inbound Deny Udp "$CLUSTER" $NET.8.0/24 '*'
    rule nsg-data DenyClusterPing 102 Inbound Deny Icmp "$CLUSTER" $NET.8.0/24 '*'
    ;;
  cedar)
    rule nsg-data AllowOps 150 Inbound Allow '*' $NET.9.0/24 '*' '*'
    rule nsg-data DenyRest 151 Inbound Deny '*' '*' '*' '*'
    ;;
esac

# The ledger's own card lets the jump host in, and nobody else.
case $LAB_VARIANT in
  amber | cedar)
    rule nsg-ledger AllowJump 100 Inbound Allow Tcp $JUMP '*' 22
    rule nsg-ledger DenyRest 101 Inbound Deny '*' '*' '*' '*'
    ;;
  birch)
    rule nsg-ledger AllowJump 3000 Inbound Allow Tcp $JUMP $LEDGER 22
    rule nsg-ledger DenyRest 4096 Inbound Deny '*' '*' '*' '*'
    ;;
esac
set +f
az network vnet subnet update -g $RG --vnet-name vnet-bank -n snet-nodes --network-security-group nsg-nodes -o none
az network vnet subnet update -g $RG --vnet-name vnet-bank -n snet-data --network-security-group nsg-data -o none

az identity create -g $RG -n id-aks -o none
SUBNET=$(az network vnet subnet show -g $RG --vnet-name vnet-bank -n snet-nodes --query id -o tsv)
az aks create -g $RG -n aks-bank --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$SUBNET" \
  --assign-identity "$(az identity show -g $RG -n id-aks --query id -o tsv)" \
  --service-cidr 192.168.240.0/20 --dns-service-ip 192.168.240.10 --generate-ssh-keys -o none
az aks get-credentials -g $RG -n aks-bank
kubectl create deployment orders --image=wbitt/network-multitool --replicas=2
