#!/usr/bin/env bash
# Another way: both lists ought to be the same, so what differs is suspected, and whoever is wrong is made like the other.
set -euo pipefail

RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
PUBLIC=$(kubectl get service catalogue -o jsonpath='{.status.loadBalancer.ingress[0].ip}')

# One line for each rule and part: the name of the rule, the part and its value.
parts() {
  az network nsg rule list -g $RG --nsg-name "$1" -o json | jq -r '.[] | . as $rule | {
    priority, protocol,
    source: (.sourceAddressPrefix // (.sourceAddressPrefixes | join(" "))),
    "source-port": .sourcePortRange,
    destination: (.destinationAddressPrefix // (.destinationAddressPrefixes | join(" "))),
    port: .destinationPortRange
  } | to_entries[] | "\($rule.name) \(.key) \(.value)"' | sort
}
parts nsg-system > system.txt
parts nsg-apps > apps.txt
SYSTEM=$(grep -vxFf apps.txt system.txt)
read -r RULE PART _ <<< "$SYSTEM"

# What the brief says of this part, where the two lists disagree.
NODES="10.60.0.0/24 10.60.1.0/24"
case "$RULE $PART" in
  'a17-02 protocol') MEANT='*' ;;
  'a17-02 source' | 'a17-02 destination') MEANT="$NODES 10.244.0.0/16" ;;
  'a17-03 port') MEANT=30000-32767 ;;
  'a17-04 destination') MEANT=$PUBLIC ;;
  'a17-05 priority') MEANT=320 ;;
  'a17-08 port' | 'a17-09 source-port') MEANT='*' ;;
esac
if [ "$SYSTEM" = "$RULE $PART $MEANT" ]; then GROUP=nsg-apps; else GROUP=nsg-system; fi
answer group $GROUP
answer rule "$RULE"
answer part "$PART"

case "$PART" in
  priority) OPTION=--priority ;;
  protocol) OPTION=--protocol ;;
  source) OPTION=--source-address-prefixes ;;
  source-port) OPTION=--source-port-ranges ;;
  destination) OPTION=--destination-address-prefixes ;;
  port) OPTION=--destination-port-ranges ;;
esac
set -f # a list of several words, and no file names for *
az network nsg rule update -g $RG --nsg-name $GROUP -n "$RULE" $OPTION $MEANT -o none
