#!/usr/bin/env bash
# Another way: what AKS can write again is deleted, a rule that denies is outranked, a node is entered by chroot.
set -e
RG=rg-shop
az aks get-credentials -g $RG -n aks-shop --overwrite-existing

reaches() { [ "$(netpath --from "pod/$1" --to "pod/$2" --port 80 -o json | jq -r .disposition)" = delivered ]; }

# The node that fails with every other.
for NODE in $(kubectl get nodes -o jsonpath='{.items[*].metadata.name}'); do
  POD=$(kubectl get pods -l app=checkout --field-selector spec.nodeName=$NODE -o jsonpath='{.items[0].metadata.name}')
  ALL_FAIL=yes
  for OTHER in $(kubectl get pods -l app=checkout -o jsonpath='{.items[*].metadata.name}'); do
    if [ $OTHER = $POD ]; then continue; fi
    if reaches $POD $OTHER && reaches $OTHER $POD; then ALL_FAIL=no; fi
  done
  if [ $ALL_FAIL = yes ]; then CUT_OFF=$NODE; fi
done
answer cut-off $CUT_OFF

RANGE=$(kubectl get node $CUT_OFF -o jsonpath='{.spec.podCIDR}')
ADDRESS=$(kubectl get node $CUT_OFF -o jsonpath='{.status.addresses[?(@.type=="InternalIP")].address}')

FORWARD=$(kubectl debug node/$CUT_OFF --profile=sysadmin --image=busybox -- cat /proc/sys/net/ipv4/ip_forward | tail -n 1)
DENIES=$(az network nsg rule list -g $RG --nsg-name nsg-nodes-2 --query "[?access=='Deny' && contains(name, 'chg')].name" -o tsv)
if [ "$FORWARD" = 0 ]; then
  answer decided-by node
  kubectl debug node/$CUT_OFF --profile=sysadmin --image=busybox -- chroot /host sysctl -w net.ipv4.ip_forward=1
elif [ -n "$DENIES" ]; then
  answer decided-by nsg
  az network nsg rule create -g $RG --nsg-name nsg-nodes-2 -n AllowPodsIn --priority 110 --direction Inbound \
    --access Allow --protocol '*' --source-address-prefixes 10.244.0.0/16 --destination-port-ranges '*' -o none
  az network nsg rule create -g $RG --nsg-name nsg-nodes-2 -n AllowPodsOut --priority 110 --direction Outbound \
    --access Allow --protocol '*' --destination-address-prefixes 10.244.0.0/16 --destination-port-ranges '*' -o none
else
  answer decided-by route
  # A longer prefix of ours beats the one that drops; a wrong next hop is deleted and AKS writes it again.
  HALF=${RANGE%/24}/25
  if [ -n "$(az network route-table route list -g $RG --route-table-name rt-shop --query "[?addressPrefix=='$HALF'].name" -o tsv)" ]; then
    for QUARTER in ${RANGE%/24}/26 ${RANGE%.0/24}.64/26; do
      az network route-table route create -g $RG --route-table-name rt-shop -n "back-$(echo $QUARTER | tr './' '__')" \
        --address-prefix $QUARTER --next-hop-type VirtualAppliance --next-hop-ip-address $ADDRESS -o none
    done
  fi
  WRONG=$(az network route-table route list -g $RG --route-table-name rt-shop \
    --query "[?addressPrefix=='$RANGE' && nextHopIpAddress!='$ADDRESS'].name" -o tsv)
  [ -z "$WRONG" ] || az network route-table route delete -g $RG --route-table-name rt-shop -n $WRONG
  TABLE_ID=$(az network route-table show -g $RG -n rt-shop --query id -o tsv)
  az network vnet subnet update -g $RG --vnet-name vnet-shop -n snet-nodes-2 --route-table $TABLE_ID -o none
fi
