# Only nodes that run the app answer the probes.
# like: solution.sh
for APP in shop admin; do kubectl patch service $APP -p '{"spec":{"externalTrafficPolicy":"Local"}}'; done
