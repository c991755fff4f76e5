#: from proxy-world STAGE=cluster
#: clock 2026-09-01T09:00:00Z
#
# A cluster that once worked, a day later. A second pool (batch) has a subnet of its own, and afterwards somebody closed
# the proxy's ports to all but the first. Beside 8080 there are on vm-proxy: 8081, which wants a password; 8082, with
# another authority of the same name; 8083, whose authority was made for one day.
az network vnet subnet create --resource-group rg-proxy --vnet-name vnet-aks --name snet-batch --address-prefixes 10.10.2.0/24 --output none
az aks nodepool add --resource-group rg-proxy --cluster-name aks-proxy --name batch --node-count 1 --vnet-subnet-id "$(az network vnet subnet show --resource-group rg-proxy --vnet-name vnet-aks --name snet-batch --query id --output tsv)" --output none
cat > others.sh <<'END'
nohup mitmdump --listen-port 8081 --proxyauth user:secret > /var/log/8081.log 2>&1 &
nohup mitmdump --listen-port 8082 --set confdir=/root/other > /var/log/8082.log 2>&1 &
mkdir -p /root/short
openssl req -x509 -newkey rsa:2048 -nodes -keyout /root/short/key.pem -out /root/short/mitmproxy-ca-cert.pem -days 1 -subj '/CN=short' -addext keyUsage=critical,keyCertSign,cRLSign 2> /dev/null
cat /root/short/key.pem /root/short/mitmproxy-ca-cert.pem > /root/short/mitmproxy-ca.pem
nohup mitmdump --listen-port 8083 --set confdir=/root/short > /var/log/8083.log 2>&1 &
cat /root/short/mitmproxy-ca-cert.pem
END
az vm run-command invoke --resource-group rg-proxy --name vm-proxy --command-id RunShellScript --scripts @others.sh --query 'value[0].message' --output tsv | sed -n '/BEGIN/,/END/p' > short-ca.pem
cat mitmproxy-ca-cert.pem short-ca.pem > ca.pem
kubectl create configmap proxy-ca --from-file=ca.crt=ca.pem > /dev/null
kubectl create deployment orders --image=nginx > /dev/null
kubectl expose deployment orders --port=80 > /dev/null
# NAME POOL
trusting() {
  kubectl apply -f - > /dev/null <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: $1
spec:
  nodeSelector:
    agentpool: $2
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
}
trusting trusting nodepool1
trusting on-batch batch
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Pod
metadata:
  name: silent
  annotations:
    kubernetes.azure.com/no-http-proxy-vars: "true"
spec:
  containers:
    - name: shell
      image: nicolaka/netshoot
      command: [sleep, infinity]
YAML
az network nsg rule create --resource-group rg-proxy --nsg-name nsg-proxy --name AllowMoreProxies --priority 210 --direction Inbound --access Allow --protocol Tcp --source-address-prefixes 10.10.0.0/24 --destination-port-ranges 8081-8083 3128 --output none
az network nsg rule create --resource-group rg-proxy --nsg-name nsg-proxy --name DenyRest --priority 4000 --direction Inbound --access Deny --protocol '*' --source-address-prefixes '*' --destination-port-ranges '*' --output none
sleep 90000
