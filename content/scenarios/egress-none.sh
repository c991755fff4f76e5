#: from egress-world TYPE=none
