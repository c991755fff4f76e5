# caught-by: next-range
# Names the last range that was given.
# like: solution.sh
# - answer next-range "$BASE.$(kubectl get nodes -o name | wc -l | tr -d ' ').0/24"
# + answer next-range "$BASE.$(( $(kubectl get nodes -o name | wc -l) - 1 )).0/24"
