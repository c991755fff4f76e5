# caught-by: as-meant
# over-permissive
# seeds: birch, dune
# What the proxy does not read needs no certificate of its.
set -e
RG=rg-parcels
az aks get-credentials -g $RG -n aks-parcels --overwrite-existing
case "$(kubectl describe pod -l app=labels)" in
  *"has expired"*) answer end expired; answer object proxy-ca ;;
  *) answer end untrusted; answer object trustedCa ;;
esac
az vm run-command invoke -g $RG -n vm-proxy --command-id RunShellScript --scripts \
  "sed -i 's/--ignore-hosts.*/--ignore-hosts pay[.]example[.]com --ignore-hosts docker --ignore-hosts microsoft[.]com/' /etc/systemd/system/mitmproxy.service" \
  'systemctl daemon-reload' 'systemctl restart mitmproxy' -o none
sleep 300
