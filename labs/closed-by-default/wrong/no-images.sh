# caught-by: lives, pod-to-api, through-the-firewall, another-node, pod-to-drop, node-to-drop, pod-to-sister, pod-to-lookalike, pod-to-files, pod-to-api-plain, pod-to-drop-ssh, the-rest
# Docker Hub has more than one name, and none of them was allowed.
# like: solution.sh
# - allow images Https=443 --target-fqdns registry-1.docker.io auth.docker.io production.cloudflare.docker.com
