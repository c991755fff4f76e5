#: from egress-world TYPE=loadBalancer
