# caught-by: after-restart
# like: solution.sh
# - systemctl enable --now mitmdump'
# + systemctl start mitmdump'
