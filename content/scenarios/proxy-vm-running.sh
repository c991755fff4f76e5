#: from proxy-vm-world STAGE=running
#
# mitmdump runs on vm-proxy, started by hand.
