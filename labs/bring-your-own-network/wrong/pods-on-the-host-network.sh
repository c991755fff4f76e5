# caught-by: pod-to-pod, pod-to-pod-back, probe-sees-node, datacentre-sees-node, pods-closed, kubelet-closed, probe-reaches-node
# Pods with the address of their node prove nothing about pod networking.
# like: solution.sh
# - kubectl create deployment web --image=nginx --replicas=4
# + kubectl apply -f - <<YAML
# + apiVersion: apps/v1
# + kind: DaemonSet
# + metadata: { name: web }
# + spec:
# +   selector: { matchLabels: { app: web } }
# +   template:
# +     metadata: { labels: { app: web } }
# +     spec:
# +       hostNetwork: true
# +       containers: [{ name: web, image: nginx }]
# + YAML
