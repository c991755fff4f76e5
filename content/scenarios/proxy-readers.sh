#: from proxy-world STAGE=cluster
#
# Beside the pod `client`, which is as the webhook leaves pods: one with the annotation, one in the node's network, and
# one that brings a variable of its own.
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: opted-out
  annotations:
    kubernetes.azure.com/no-http-proxy-vars: "true"
spec:
  containers:
    - name: shell
      image: nicolaka/netshoot
      command: [sleep, infinity]
---
apiVersion: v1
kind: Pod
metadata:
  name: on-the-node
spec:
  hostNetwork: true
  containers:
    - name: shell
      image: nicolaka/netshoot
      command: [sleep, infinity]
---
apiVersion: v1
kind: Pod
metadata:
  name: own-way
spec:
  containers:
    - name: shell
      image: nicolaka/netshoot
      command: [sleep, infinity]
      env:
        - name: https_proxy
          value: ""
YAML
