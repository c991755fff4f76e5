#: from proxy-vm-world STAGE=trusting
#
# As proxy-vm-running, and vm-client has the certificate of the CA in its home.
