#!/usr/bin/env bash
# Tries the calls of the brief and those of the cluster itself, and reads from the first trace that fails what to mend.
set -euo pipefail

RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
PUBLIC=$(kubectl get service catalogue -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
API=https://$(az aks show -g $RG -n aks-library --query fqdn -o tsv)
SYSTEM=$(kubectl get nodes -l agentpool=system -o name | head -n 1)
APPS=$(kubectl get nodes -l agentpool=apps -o name | head -n 1)
POD=$(kubectl get pods -l app=catalogue -o name | head -n 1)

# The call, what to ask, and the rule that is meant for it: in, and out.
TRIED=$(cat <<CALLS
$SYSTEM $APPS tcp 10250 a17-02 a17-08
$APPS $SYSTEM tcp 10250 a17-02 a17-08
$POD service/kube-system/kube-dns udp 53 a17-02 a17-08
host/reader $PUBLIC tcp 80 a17-04 -
vm/vm-desk 10.60.2.10 tcp 80 a17-05 -
vm/vm-ops $APPS tcp 22 a17-06 -
$SYSTEM $API tcp 443 - a17-09
$APPS $API tcp 443 - a17-09
$POD host/payments tcp 443 - a17-09
CALLS
)
while read -r FROM TO PROTOCOL PORT IN OUT; do
  TRACE=$(netpath --from "$FROM" --to "$TO" --protocol "$PROTOCOL" --port "$PORT" -o json) || true # 1 if not delivered
  if [ "$(echo "$TRACE" | jq -r .disposition)" = delivered ]; then continue; fi
  break
done <<< "$TRIED"

REASON=$(echo "$TRACE" | jq -r .reason)
case "$REASON" in
  *'no instance is healthy'*) RULE=a17-03 GROUP=nsg-apps PART=port ;; # node ports are what a probe asks for
  *)
    GROUP=$(echo "$REASON" | grep -oE 'nsg-(system|apps)' | head -n 1)
    if [ "$(echo "$TRACE" | jq -r .disposition)" = denied-outbound ]; then RULE=$OUT; else RULE=$IN; fi
    WHY=$(echo "$TRACE" | jq -r --arg rule "$RULE " --arg group "$GROUP " \
      '[.hops[].steps[] | select(.kind == "filter") | .lost[] | tostring | select(contains($rule) and contains($group))] | last // "never reached"')
    case "$WHY" in
      *'other source ports'*) PART=source-port ;;
      *'other sources'*) PART=source ;;
      *'other destination ports'*) PART=port ;;
      *'other destinations'*) PART=destination ;;
      *'another protocol'*) PART=protocol ;;
      *'never reached'*) PART=priority ;;
    esac
    ;;
esac
answer group $GROUP
answer rule $RULE
answer part $PART

mend() { az network nsg rule update -g $RG --nsg-name $GROUP -n $RULE "$@" -o none; }
case "$RULE $PART" in
  'a17-02 source') mend --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 ;;
  'a17-02 destination') mend --destination-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 ;;
  'a17-02 protocol') mend --protocol '*' ;;
  'a17-03 port') mend --destination-port-ranges 30000-32767 ;;
  'a17-04 destination') mend --destination-address-prefixes "$PUBLIC" ;;
  'a17-05 priority') mend --priority 320 ;;
  'a17-08 port') mend --destination-port-ranges '*' ;;
  'a17-09 source-port') mend --source-port-ranges '*' ;;
esac
