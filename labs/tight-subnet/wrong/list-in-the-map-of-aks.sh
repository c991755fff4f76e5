# caught-by: historian-sees-pod
# The map that AKS keeps is written back by AKS.
# like: solution.sh
# -   name: azure-ip-masq-agent-config
# +   name: azure-ip-masq-agent-config-reconciled
#
# -   ip-masq-agent: |-
# +   ip-masq-agent-reconciled: |-
