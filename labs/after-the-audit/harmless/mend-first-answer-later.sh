# The repair first, the answers at the end.
# like: solution.sh
# - answer group $GROUP
# - answer rule $RULE
# - answer part $PART

answer part $PART
answer rule $RULE
answer group $GROUP
