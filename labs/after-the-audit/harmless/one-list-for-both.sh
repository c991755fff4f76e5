# Writes the whole list anew, in both groups and with other names and numbers.
# like: solution.sh

PUBLIC=$(kubectl get service catalogue -o jsonpath='{.status.loadBalancer.ingress[0].ip}')
NODES="10.60.0.0/24 10.60.1.0/24"
CLUSTER="$NODES 10.244.0.0/16"
set -f
for GROUP in nsg-system nsg-apps; do
  for OLD in $(az network nsg rule list -g $RG --nsg-name $GROUP --query '[].name' -o tsv); do
    az network nsg rule delete -g $RG --nsg-name $GROUP -n $OLD
  done
  rule() {
    az network nsg rule create -g $RG --nsg-name $GROUP -n $1 --direction $2 --priority $3 --access $4 --protocol $5 \
      --source-address-prefixes $6 --destination-address-prefixes $7 --destination-port-ranges $8 -o none
  }
  rule DenyBots Inbound 1000 Deny '*' 192.0.2.128/25 '*' '*'
  rule AllowReaders Inbound 1100 Allow Tcp Internet $PUBLIC 80
  rule AllowDesks Inbound 1200 Allow Tcp 10.70.0.0/24 10.60.2.10 80
  rule AllowOperators Inbound 1300 Allow Tcp 10.60.8.0/24 "$NODES" 22
  rule AllowCluster Inbound 1400 Allow '*' "$CLUSTER" "$CLUSTER" '*'
  rule AllowProbes Inbound 1500 Allow '*' AzureLoadBalancer '*' '*'
  rule DenyAll Inbound 4096 Deny '*' '*' '*' '*'
  rule AllowClusterOut Outbound 1000 Allow '*' "$CLUSTER" "$CLUSTER" '*'
  rule AllowHttpsOut Outbound 1100 Allow Tcp '*' Internet 443
  rule DenyAllOut Outbound 4096 Deny '*' '*' '*' '*'
done
