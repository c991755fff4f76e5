# caught-by: short-of, missing, because
# Mends it, but says something else: the range of the other pool, what is needed in all, and the next best cause.
# like: solution.sh
# - #!/usr/bin/env bash
# - # Reads the error, answers, and mends what it was because of.
#
# - answer short-of "$SUBNET"
# - answer missing $((NEEDED - USABLE))
# - answer because $CAUSE
# + answer short-of snet-system
# + answer missing $NEEDED
# + case $CAUSE in
# +   neighbours) answer because size ;;
# +   *) answer because neighbours ;;
# + esac
