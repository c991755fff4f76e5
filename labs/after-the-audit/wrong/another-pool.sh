# caught-by: reader-to-catalogue, desk-to-loans, ops-to-apps, ops-to-system, pod-to-payments, every-logs, every-names, every-pods, every-inside, every-readers, every-desks, every-egress, same-nodes, everyone-answers, bot-to-catalogue, guest-to-loans, guest-to-apps, guest-to-system, pod-to-mirror, nothing-else-open
# seeds: heath
# Gets rid of the pool whose calls fail.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-08
answer part port
az aks nodepool delete -g $RG --cluster-name aks-library -n apps
