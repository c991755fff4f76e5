# Upper case, a kind before the name, blanks around: the same answers.
# like: solution.sh
# - answer range-holder "$NODE"
# + answer range-holder " node/$NODE "
#
# - answer neighbour-mac "$MAC"
# + answer neighbour-mac "$(echo "$MAC" | tr a-f A-F)"
#
# - answer why-node-address hostNetwork
# + answer why-node-address HostNetwork
