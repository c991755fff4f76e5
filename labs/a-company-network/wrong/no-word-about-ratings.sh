# caught-by: ratings-cause, ratings-first
# seeds: amber, dune
# Approves the connection and writes nothing down.
# like: solution.sh
# -     answer ratings pe-ratings
