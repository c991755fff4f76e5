#: from required-egress CLUSTER=yes
