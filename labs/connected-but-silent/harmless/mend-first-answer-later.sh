# Answers are about the network as it was handed over.
# like: solution.sh
# - answer object "$OBJECT"
# + netpath --from vm/vm-report --to 10.60.1.10 --port 80 > /dev/null
# - answer lost "$LOST"
# + answer lost "$LOST"; answer object "$OBJECT"
