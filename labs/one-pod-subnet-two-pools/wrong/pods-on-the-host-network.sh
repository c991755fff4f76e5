# caught-by: batch-runs, batches, grows, upgrades, batch-to-ledger, meter-to-batch, meter-to-front, guest-to-batch, guest-to-front, front-to-batch, batch-to-front, batch-to-dns, guest-to-none
# Pods with the address of their node take nothing from the pod subnet.
# like: solution.sh
# -       nodeSelector: { kubernetes.azure.com/agentpool: batch }
# +       nodeSelector: { kubernetes.azure.com/agentpool: batch }
# +       hostNetwork: true
