# caught-by: bot-to-catalogue, guest-to-loans, guest-to-apps, pod-to-mirror, nothing-else-open
# over-permissive
# seeds: amber
# Without the group kubectl logs works again, and guests reach the kubelets.
set -e
RG=rg-library
az aks get-credentials -g $RG -n aks-library --overwrite-existing
answer group nsg-apps
answer rule a17-02
answer part source
az network vnet subnet update -g $RG --vnet-name vnet-library -n snet-apps --remove networkSecurityGroup -o none
