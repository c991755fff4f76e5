# An application security group stands for the ledger, and what was in the way moves back by --set.
set -euo pipefail

az network asg create -g rg-bank -n asg-ledger -o none
CONFIG=$(az network nic show -g rg-bank -n vm-ledgerVMNic --query "ipConfigurations[0].name" -o tsv)
az network nic ip-config update -g rg-bank --nic-name vm-ledgerVMNic -n "$CONFIG" \
  --application-security-groups asg-ledger -o none
FIRST=$(az network nsg rule list -g rg-bank --nsg-name nsg-data --query "sort_by([?access=='Deny'], &priority)[0].name" -o tsv)

# rule GROUP PRIORITY DIRECTION
rule() {
  az network nsg rule create -g rg-bank --nsg-name "$1" -n AllowOrders --priority "$2" --direction "$3" --access Allow \
    --protocol TCP --source-address-prefixes "$NODES" --source-port-ranges '*' --destination-asgs asg-ledger \
    --destination-port-ranges 5432 -o none
}
NODES=$(az network vnet subnet show -g rg-bank --vnet-name vnet-bank -n snet-nodes --query addressPrefix -o tsv)
rule nsg-nodes 1999 Outbound
for GROUP in nsg-data nsg-ledger; do
  for NAME in $(az network nsg rule list -g rg-bank --nsg-name $GROUP --query "[?priority < \`200\`].name" -o tsv); do
    PRIORITY=$(az network nsg rule show -g rg-bank --nsg-name $GROUP -n "$NAME" --query priority -o tsv)
    az network nsg rule update -g rg-bank --nsg-name $GROUP -n "$NAME" --set priority=$((PRIORITY + 700)) -o none
  done
  rule $GROUP 111 Inbound
done
answer source "$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[0].address}')"
answer groups 4
answer rule "$FIRST (priority 100)"
