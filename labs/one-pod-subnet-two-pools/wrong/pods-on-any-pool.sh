# caught-by: front-runs, batch-runs, grows, upgrades
# Without a node selector the scheduler spreads both over all nodes.
# like: solution.sh
# -       nodeSelector: { kubernetes.azure.com/agentpool: front }
#
# -       nodeSelector: { kubernetes.azure.com/agentpool: batch }
