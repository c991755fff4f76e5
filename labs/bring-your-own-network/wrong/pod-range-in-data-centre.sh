# caught-by: ranges-apart, datacentre-sees-node, pods-closed
# Pods keep what is sent to 10.1.2.3 for themselves.
# like: solution.sh
# -   --pod-cidr 10.244.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
# +   --pod-cidr 10.1.0.0/16 --service-cidr 10.70.0.0/16 --dns-service-ip 10.70.0.10 \
