#: from proxy-readers
#
# A ConfigMap with the proxy's authority, and two pods of which one has it as a file and in SSL_CERT_FILE.
kubectl create configmap proxy-ca --from-file=ca.crt=mitmproxy-ca-cert.pem > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: trusting
spec:
  containers:
    - name: shell
      image: nicolaka/netshoot
      command: [sleep, infinity]
      env:
        - name: SSL_CERT_FILE
          value: /etc/proxy-ca/ca.crt
      volumeMounts:
        - name: proxy-ca
          mountPath: /etc/proxy-ca
          readOnly: true
  volumes:
    - name: proxy-ca
      configMap:
        name: proxy-ca
YAML
