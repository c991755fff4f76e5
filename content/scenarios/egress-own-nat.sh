#: from egress-world TYPE=userAssignedNATGateway
