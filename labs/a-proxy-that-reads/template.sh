#!/usr/bin/env bash
# A proxy on vm-proxy (rg-watch) through which snet-clients asks the internet, and which reads all but one bank.
set -euo pipefail

RG=rg-watch
# Runs lines on a machine, as root, and prints what they print.
on() {
  az vm run-command invoke -g $RG -n "$1" --command-id RunShellScript --scripts "$2" --query 'value[0].message' -o tsv
}

# 1. A way out for snet-proxy; mitmproxy on vm-proxy, as a service.

# 2. Who may ask it: nsg-proxy.

# 3. No way past it: nsg-clients. Then trust on vm-client, and the proof.
#    answer web NAME

# 4. The bank unread.
#    answer bank NAME
