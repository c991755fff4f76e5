#: from egress-world TYPE=userDefinedRouting
