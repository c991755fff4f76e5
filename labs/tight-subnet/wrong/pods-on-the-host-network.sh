# caught-by: workload, upgrade-runs, historian-sees-pod, licences-sees-node, historian-to-pod, agent-to-pod, agent-sees-pod, contractor-to-pod, contractor-to-node, agent-to-node, closed-after-upgrade
# Pods with the address of their node need no addresses, and are no answer.
# like: solution.sh
# - kubectl create deployment line --image=nginx:1.27 --replicas=52
# + kubectl apply -f - <<YAML
# + apiVersion: apps/v1
# + kind: Deployment
# + metadata: { name: line }
# + spec:
# +   replicas: 52
# +   selector: { matchLabels: { app: line } }
# +   template:
# +     metadata: { labels: { app: line } }
# +     spec:
# +       hostNetwork: true
# +       containers: [{ name: line, image: "nginx:1.27" }]
# + YAML
