#: from egress-world TYPE=block
