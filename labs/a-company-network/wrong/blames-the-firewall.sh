# caught-by: plant-cause
# seeds: cedar
# The firewall drops the answer. It is not the firewall that has to change.
# like: solution.sh
# -     answer plant rt-gateway
# +     answer plant reports
