# caught-by: room-for-pods
# A /20 is 16 pieces of /24.
# like: solution.sh
# -   --pod-cidr 10.244.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
# +   --pod-cidr 10.244.0.0/20 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
