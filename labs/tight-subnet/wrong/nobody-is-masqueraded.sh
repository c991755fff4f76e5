# caught-by: licences-sees-node
# over-permissive
# All of 10.0.0.0/8 sees pods, the data centre too.
# like: solution.sh
# - # The control room sees pods; everybody else beyond the VNet sees nodes.
#
# -       - 10.80.0.0/16
# +       - 10.0.0.0/8
