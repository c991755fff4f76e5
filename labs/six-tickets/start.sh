#: internet-host web 203.0.113.80 dns=www.example.com,ifconfig.me ports=80,443
#: internet-host pay 198.51.100.68 dns=pay.example.com ports=443
#: internet-host registries 203.0.113.50 dns=mcr.microsoft.com,westeurope.data.mcr.microsoft.com,registry-1.docker.io,auth.docker.io,production.cloudflare.docker.com ports=443

RG=rg-parcels
PORT=8080
DAYS=3650
OWN=internal.cloudapp.net
TEMPLATE=
case "$LAB_VARIANT" in
  amber)
    OWN=10.80.4.0/24
    TICKET="The desk, 08:12. Since yesterday the page with the stock says 502 Bad Gateway. Cards work. The people of the stock say that their machine is up, and that nobody asks it."
    ;;
  birch)
    DAYS=30
    TICKET="The labels, 09:30. For the sale we wanted a third printer, and it does not come up. The two that we have print as ever."
    ;;
  cedar) TICKET="The books, 07:45. Not one of the parcels of this night is paid. At the desk, cards work." ;;
  dune) TICKET="The labels, 09:10. At nine we rolled out our new version, as every month. Since then nobody prints anything." ;;
  ember)
    PORT=3128
    TICKET="The desk, 08:05. No card works since Sunday, and the books say that the night run paid nothing either. The proxy's people say that it listens at its new port, as announced, and that the cluster was told."
    ;;
  fjord)
    TEMPLATE='kubernetes.azure.com/no-http-proxy-vars: "true"'
    TICKET="The desk, 08:20. Since our release on Monday no card works. The stock is on the page as ever. The night run pays."
    ;;
esac
az group create -n $RG -l westeurope -o none

# Two networks: the cluster's, with the stock, and the proxy's.
for SITE in aks:10.80:nodes proxy:10.82:proxy; do
  IFS=: read -r NAME RANGE SUBNET <<< "$SITE"
  az network vnet create -g $RG -n vnet-$NAME --address-prefixes $RANGE.0.0/16 \
    --subnet-name snet-$SUBNET --subnet-prefixes $RANGE.0.0/24 -o none
done
az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-night --address-prefixes 10.80.1.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-aks -n snet-stock --address-prefixes 10.80.4.0/24 -o none
az network vnet subnet create -g $RG --vnet-name vnet-proxy -n snet-office --address-prefixes 10.82.1.0/24 -o none
az network vnet peering create -g $RG --vnet-name vnet-aks -n aks-to-proxy --remote-vnet vnet-proxy --allow-vnet-access -o none
az network vnet peering create -g $RG --vnet-name vnet-proxy -n proxy-to-aks --remote-vnet vnet-aks --allow-vnet-access -o none

# Groups: nodes get to the internet by the proxy only, and the proxy serves nodes only.
rule() { # group, rule, priority, direction, access, protocol, sources, destinations, ports
  az network nsg rule create -g $RG --nsg-name nsg-$1 -n "$2" --priority $3 --direction $4 --access $5 --protocol "$6" \
    --source-address-prefixes $7 --source-port-ranges '*' --destination-address-prefixes $8 --destination-port-ranges "$9" -o none
}
set -f
for NAME in nodes stock proxy; do az network nsg create -g $RG -n nsg-$NAME -o none; done
NODES="10.80.0.0/24 10.80.1.0/24"
rule nodes api-server 100 Outbound Allow Tcp '*' AzureCloud 443
rule nodes no-internet 4000 Outbound Deny '*' '*' Internet '*'
rule stock stock-from-nodes 200 Inbound Allow Tcp "$NODES" 10.80.4.0/24 80
rule stock nobody-else 4000 Inbound Deny '*' '*' '*' '*'
rule proxy proxy-from-nodes 200 Inbound Allow Tcp "$NODES" 10.82.0.0/24 $PORT
rule proxy nobody-else 4000 Inbound Deny '*' '*' '*' '*'
set +f
az network public-ip create -g $RG -n pip-proxy --sku Standard -o none
az network nat gateway create -g $RG -n natgw-proxy --public-ip-addresses pip-proxy -o none
for PLACE in aks:nodes:nodes aks:night:nodes aks:stock:stock proxy:proxy:proxy; do
  IFS=: read -r NETWORK SUBNET NAME <<< "$PLACE"
  az network vnet subnet update -g $RG --vnet-name vnet-$NETWORK -n snet-$SUBNET --network-security-group nsg-$NAME -o none
done
az network vnet subnet update -g $RG --vnet-name vnet-proxy -n snet-proxy --nat-gateway natgw-proxy -o none

for PLACE in stock:aks:stock proxy:proxy:proxy office:proxy:office; do
  IFS=: read -r NAME NETWORK SUBNET <<< "$PLACE"
  az vm create -g $RG -n vm-$NAME --image Ubuntu2404 --vnet-name vnet-$NETWORK --subnet snet-$SUBNET \
    --public-ip-address "" --nsg "" --generate-ssh-keys -o none
done
on() { az vm run-command invoke -g $RG -n vm-$1 --command-id RunShellScript --scripts "$2" --query 'value[0].message' -o tsv; }
on stock 'apt-get install -y nginx' > /dev/null

# The proxy, with a CA of the company's own. Payments are passed unread, the rest is read.
on proxy "apt-get update
apt-get install -y mitmproxy
mkdir -p /etc/mitmproxy
cd /etc/mitmproxy
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out mitmproxy-ca-cert.pem -days $DAYS -subj '/O=Parcels/CN=Parcels proxy CA' -addext keyUsage=critical,keyCertSign,cRLSign
cat key.pem mitmproxy-ca-cert.pem > mitmproxy-ca.pem
cat > /etc/systemd/system/mitmproxy.service <<'UNIT'
[Unit]
Description=HTTP proxy of the company
After=network-online.target
[Service]
ExecStart=/usr/bin/mitmdump --listen-port $PORT --set confdir=/etc/mitmproxy --ignore-hosts pay[.]example[.]com
Restart=on-failure
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now mitmproxy" > /dev/null
on proxy 'cat /etc/mitmproxy/mitmproxy-ca-cert.pem' | sed -n '/BEGIN/,/END/p' > proxy-ca.pem
config() {
  cat > proxy.json <<JSON
{
  "httpProxy": "http://10.82.0.4:$PORT",
  "httpsProxy": "http://10.82.0.4:$PORT",
  "noProxy": [".svc", ".cluster.local", "$OWN"],
  "trustedCa": "$(base64 -w0 proxy-ca.pem)"
}
JSON
}
config

az identity create -g $RG -n id-aks -o none
IDENTITY=$(az identity show -g $RG -n id-aks --query id -o tsv)
az role assignment create --assignee-object-id "$(az identity show -g $RG -n id-aks --query principalId -o tsv)" \
  --assignee-principal-type ServicePrincipal --role "Network Contributor" --scope "$(az group show -n $RG --query id -o tsv)" -o none
subnet() { az network vnet subnet show -g $RG --vnet-name vnet-aks -n snet-$1 --query id -o tsv; }
az aks create -g $RG -n aks-parcels --node-count 2 --network-plugin azure --network-plugin-mode overlay \
  --pod-cidr 10.244.0.0/16 --vnet-subnet-id "$(subnet nodes)" --assign-identity "$IDENTITY" \
  --service-cidr 172.20.0.0/16 --dns-service-ip 172.20.0.10 --http-proxy-config proxy.json --generate-ssh-keys -o none
az aks nodepool add -g $RG --cluster-name aks-parcels -n night --node-count 1 --vnet-subnet-id "$(subnet night)" -o none
az aks get-credentials -g $RG -n aks-parcels > /dev/null
kubectl apply -f - > /dev/null <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: desk }
spec:
  selector: { matchLabels: { app: desk } }
  template:
    metadata:
      labels: { app: desk }
      annotations: { $TEMPLATE }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: nodepool1 }
      containers:
        - { name: desk, image: wbitt/network-multitool }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: night }
spec:
  replicas: 2
  selector: { matchLabels: { app: night } }
  template:
    metadata: { labels: { app: night } }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: night }
      containers:
        - { name: night, image: wbitt/network-multitool }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: labels }
spec:
  replicas: 2
  strategy: { type: Recreate }
  selector: { matchLabels: { app: labels } }
  template:
    metadata: { labels: { app: labels } }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: nodepool1 }
      containers:
        - { name: web, image: nginx }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: counter }
spec:
  replicas: 1
  selector: { matchLabels: { app: counter } }
  template:
    metadata:
      labels: { app: counter }
      annotations: { kubernetes.azure.com/no-http-proxy-vars: "true" }
    spec:
      nodeSelector: { kubernetes.azure.com/agentpool: nodepool1 }
      containers:
        - { name: counter, image: wbitt/network-multitool }
---
apiVersion: v1
kind: Service
metadata: { name: labels }
spec:
  selector: { app: labels }
  ports: [{ port: 80, targetPort: 80 }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ticket }
data:
  text: "$TICKET"
YAML

# What has happened since.
case "$LAB_VARIANT" in
  birch)
    sleep 31d
    kubectl scale deployment labels --replicas=3 > /dev/null
    ;;
  cedar)
    az network nsg rule update -g $RG --nsg-name nsg-proxy -n proxy-from-nodes --source-address-prefixes 10.80.0.0/24 -o none
    ;;
  dune)
    on proxy 'mv /etc/mitmproxy /etc/mitmproxy.before
systemctl restart mitmproxy' > /dev/null
    kubectl set image deployment/labels web=httpd > /dev/null
    ;;
  ember)
    PORT=8080
    on proxy "sed -i 's/3128/8080/' /etc/systemd/system/mitmproxy.service
systemctl daemon-reload
systemctl restart mitmproxy" > /dev/null
    config
    az aks update -g $RG -n aks-parcels --http-proxy-config proxy.json -o none 2> /dev/null || true
    az network nsg rule update -g $RG --nsg-name nsg-proxy -n proxy-from-nodes --destination-port-ranges $PORT -o none
    ;;
esac
sleep 60
