# caught-by: desk-labels, everything, everything-works
# seeds: amber
# The file replaces the list, and names of Services were in it.
# like: solution.sh
# -   update '.noProxy += ["vm-stock.internal.cloudapp.net"]'
# +   update '.noProxy = ["vm-stock.internal.cloudapp.net"]'
