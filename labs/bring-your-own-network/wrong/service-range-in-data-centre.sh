# caught-by: ranges-apart
# A Service could get the address of a host in the data centre.
# like: solution.sh
# -   --pod-cidr 10.244.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
# +   --pod-cidr 10.244.0.0/16 --service-cidr 10.1.128.0/20 --dns-service-ip 10.1.128.10 \
