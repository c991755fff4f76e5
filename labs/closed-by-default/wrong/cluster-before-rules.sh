# caught-by: lives, pod-to-api, through-the-firewall, another-node, pod-to-drop, node-to-drop, pod-to-sister, pod-to-lookalike, pod-to-files, pod-to-api-plain, pod-to-drop-ssh, the-rest
# The cluster first: its nodes are born behind a closed door.
# like: solution.sh
# - allow aks "Http=80 Https=443" --fqdn-tags AzureKubernetesService
