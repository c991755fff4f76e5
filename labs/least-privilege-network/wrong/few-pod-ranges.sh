# caught-by: room
# A /22 has four ranges of /24: neither five nodes nor an upgrade of four.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Overlay, a role of two actions on one subnet, and the rules from the inside out.
#
# -   --pod-cidr 10.244.0.0/16 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
# +   --pod-cidr 10.244.0.0/22 --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 \
