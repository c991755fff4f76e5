#: from proxy-vm-world STAGE=machines
#
# The machines of the chapter before anything is installed: no way out yet.
