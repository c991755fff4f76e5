# caught-by: load-intact
# over-permissive
# like: solution.sh
# + kubectl scale deployment settlement --replicas 0
