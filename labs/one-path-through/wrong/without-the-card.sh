# caught-by: batch-to-ledger, jump-to-ledger, ledger-alone
# over-permissive
# like: solution.sh
# + az network nic update -g rg-bank -n vm-ledgerVMNic --network-security-group "" -o none
