# Looks at everything, answers twice, and mends after that.
# like: solution.sh
# - case "$(why --from host/customer --to "$PUBLIC" --port 80)" in
# + for SUSPECT in shop-front web-from-firewall; do answer customers $SUSPECT; done
# + case "$(why --from host/customer --to "$PUBLIC" --port 80)" in
