#: seed proxy-vm
#: clock 2026-09-01T09:00:00Z
#
# An empty subscription.
