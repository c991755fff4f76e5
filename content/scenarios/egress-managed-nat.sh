#: from egress-world TYPE=managedNATGateway
