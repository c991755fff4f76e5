#: from firewall-build BUILT=yes
