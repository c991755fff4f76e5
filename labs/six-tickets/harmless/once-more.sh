# The same configuration once more, and the answers in other words.
# like: solution.sh
# - sleep 300
# + update .
sleep 600
