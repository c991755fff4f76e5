# caught-by: batch-to-ledger, jump-to-ledger, data-alone, ledger-alone
# over-permissive
# like: solution.sh
# -       az network nsg rule update -g rg-bank --nsg-name $GROUP -n "$NAME" --priority $((PRIORITY + 400)) -o none
# +       az network nsg rule delete -g rg-bank --nsg-name $GROUP -n "$NAME"
# - for GROUP in nsg-data nsg-ledger; do
# + az network nsg rule update -g rg-bank --nsg-name nsg-ledger -n DenyRest --priority 199 -o none
# + for GROUP in nsg-data nsg-ledger; do
# -   az network nsg rule list -g rg-bank --nsg-name $GROUP --query "[?priority < \`200\`].[name, priority]" -o tsv |
# +   az network nsg rule list -g rg-bank --nsg-name $GROUP --query "[?priority <= \`200\` && access == 'Deny'].[name, priority]" -o tsv |
