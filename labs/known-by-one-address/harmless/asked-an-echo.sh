# Pods ask a service on the internet where they come from, often enough to meet both addresses.
# like: solution.sh
# - answer managed "$(echo $MANAGED | tr ' ' ',')"
# + SEEN=$(for TIME in $(seq 40); do kubectl exec deploy/probe -- curl -s https://ifconfig.me; echo; done | sort -u)
# + answer managed "$(echo $SEEN | tr ' ' ',')"
