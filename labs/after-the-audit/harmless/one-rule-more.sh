# Leaves the mistyped rule as it is and puts a right one beside it.
# like: solution.sh
# - mend() { az network nsg rule update -g $RG --nsg-name $GROUP -n $RULE "$@" -o none; }
# + set -f
# + right() {
# +   az network nsg rule create -g $RG --nsg-name $GROUP -n right --priority $1 --direction $2 --access Allow \
# +     --protocol $3 --source-address-prefixes $4 --source-port-ranges '*' --destination-address-prefixes $5 \
# +     --destination-port-ranges $6 -o none
# + }
# -   'a17-02 source') mend --source-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 ;;
# +   'a17-02 source') right 250 Inbound '*' "10.60.0.0/24 10.60.1.0/24 10.244.0.0/16" "10.60.1.0/24 10.244.0.0/16" '*' ;;
# -   'a17-02 destination') mend --destination-address-prefixes 10.60.0.0/24 10.60.1.0/24 10.244.0.0/16 ;;
# +   'a17-02 destination') right 250 Inbound '*' "10.60.0.0/23 10.244.0.0/16" 10.244.0.0/16 '*' ;;
# -   'a17-02 protocol') mend --protocol '*' ;;
# +   'a17-02 protocol') right 250 Inbound '*' "10.60.0.0/23 10.244.0.0/16" "10.60.0.0/23 10.244.0.0/16" '*' ;;
# -   'a17-03 port') mend --destination-port-ranges 30000-32767 ;;
# +   'a17-03 port') right 250 Inbound Tcp AzureLoadBalancer '*' '*' ;;
# -   'a17-04 destination') mend --destination-address-prefixes "$PUBLIC" ;;
# +   'a17-04 destination') right 311 Inbound Tcp '*' "$PUBLIC" 80 ;;
# -   'a17-05 priority') mend --priority 320 ;;
# +   'a17-05 priority') right 250 Inbound Tcp 10.70.0.0/24 10.60.2.10 80 ;;
# -   'a17-08 port') mend --destination-port-ranges '*' ;;
# +   'a17-08 port') right 250 Outbound '*' '*' "10.60.0.0/24 10.60.1.0/24 10.244.0.0/16" '*' ;;
# -   'a17-09 source-port') mend --source-port-ranges '*' ;;
# +   'a17-09 source-port') right 350 Outbound Tcp '*' Internet 443 ;;
