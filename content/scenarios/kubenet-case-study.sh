#: seed kubenet-case-study
#: clock 2024-02-20T10:00:00Z frozen
#
# The source document's cluster: its names, addresses, MACs and ages are pinned below. The document
# printed its listings at different moments, so a kube-system pod is older here than its node (49m
# on a node of 31m): each row has the age that the document shows for it.
#
#: pin pool-digits/aks/nodepool1 11743156
#: pin pool-digits/aks/pool2 13111960
#: pin agentpool-digits/aks 30792498
#: pin node-age/aks-nodepool1-11743156-vmss000000 1860
#: pin node-age/aks-pool2-13111960-vmss000000 1200
#
#: pin pod-suffix/kube-system/azure-ip-masq-agent/0 zqxfm
#: pin pod-age/kube-system/azure-ip-masq-agent-zqxfm 2940
#: pin pod-suffix/kube-system/azure-ip-masq-agent/1 jldz9
#: pin pod-age/kube-system/azure-ip-masq-agent-jldz9 2280
#: pin pod-suffix/kube-system/cloud-node-manager/0 dj7zp
#: pin pod-age/kube-system/cloud-node-manager-dj7zp 2940
#: pin pod-suffix/kube-system/cloud-node-manager/1 j27w4
#: pin pod-age/kube-system/cloud-node-manager-j27w4 2280
#: pin pod-suffix/kube-system/csi-azuredisk-node/0 xwsqh
#: pin pod-age/kube-system/csi-azuredisk-node-xwsqh 2940
#: pin pod-suffix/kube-system/csi-azuredisk-node/1 xddth
#: pin pod-age/kube-system/csi-azuredisk-node-xddth 2280
#: pin pod-suffix/kube-system/csi-azurefile-node/0 vn2zg
#: pin pod-age/kube-system/csi-azurefile-node-vn2zg 2940
#: pin pod-suffix/kube-system/csi-azurefile-node/1 2nps6
#: pin pod-age/kube-system/csi-azurefile-node-2nps6 2280
#: pin pod-suffix/kube-system/kube-proxy/0 cvtcg
#: pin pod-age/kube-system/kube-proxy-cvtcg 2940
#: pin pod-suffix/kube-system/kube-proxy/1 gmrvv
#: pin pod-age/kube-system/kube-proxy-gmrvv 2280
#: pin pod-age/kube-system/coredns-849f965b44-6l677 2940
#: pin pod-age/kube-system/coredns-849f965b44-tjrpv 2940
#: pin pod-age/kube-system/coredns-autoscaler-57f7cc5bc7-r8px6 2940
#: pin pod-age/kube-system/konnectivity-agent-77d8f9bc7c-kk4w4 2940
#: pin pod-age/kube-system/konnectivity-agent-77d8f9bc7c-z9pp4 2940
#: pin pod-age/kube-system/metrics-server-74bc8df8f5-9ldw7 2940
#: pin pod-age/kube-system/metrics-server-74bc8df8f5-r8lj5 2940
#
#: pin replicaset-hash/default/nginx-deploy 846d6f46b7
#: pin pod-suffix/default/nginx-deploy/0 j2sfj
#: pin pod-node/default/nginx-deploy/0 aks-nodepool1-11743156-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-j2sfj 10.244.0.11
#: pin pod-age/default/nginx-deploy-846d6f46b7-j2sfj 780
#: pin pod-suffix/default/nginx-deploy/1 qt67r
#: pin pod-node/default/nginx-deploy/1 aks-nodepool1-11743156-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-qt67r 10.244.0.12
#: pin pod-age/default/nginx-deploy-846d6f46b7-qt67r 780
#: pin pod-suffix/default/nginx-deploy/2 brfzg
#: pin pod-node/default/nginx-deploy/2 aks-nodepool1-11743156-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-brfzg 10.244.0.13
#: pin pod-age/default/nginx-deploy-846d6f46b7-brfzg 780
#: pin pod-suffix/default/nginx-deploy/3 6chl2
#: pin pod-node/default/nginx-deploy/3 aks-nodepool1-11743156-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-6chl2 10.244.0.14
#: pin pod-age/default/nginx-deploy-846d6f46b7-6chl2 780
#: pin pod-suffix/default/nginx-deploy/4 qm6rw
#: pin pod-node/default/nginx-deploy/4 aks-pool2-13111960-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-qm6rw 10.244.1.5
#: pin pod-age/default/nginx-deploy-846d6f46b7-qm6rw 900
#: pin pod-suffix/default/nginx-deploy/5 dp6tl
#: pin pod-node/default/nginx-deploy/5 aks-pool2-13111960-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-dp6tl 10.244.1.6
#: pin pod-age/default/nginx-deploy-846d6f46b7-dp6tl 900
#: pin pod-suffix/default/nginx-deploy/6 snt2r
#: pin pod-node/default/nginx-deploy/6 aks-pool2-13111960-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-snt2r 10.244.1.7
#: pin pod-age/default/nginx-deploy-846d6f46b7-snt2r 900
#: pin pod-suffix/default/nginx-deploy/7 4dm97
#: pin pod-node/default/nginx-deploy/7 aks-pool2-13111960-vmss000000
#: pin pod-ip/default/nginx-deploy-846d6f46b7-4dm97 10.244.1.8
#: pin pod-age/default/nginx-deploy-846d6f46b7-4dm97 900
#
# Pods A, B and C of the document's drawings, in a namespace of their own.
#: pin pod-node/demo/backend/0 aks-nodepool1-11743156-vmss000000
#: pin pod-node/demo/backend/1 aks-nodepool1-11743156-vmss000000
#: pin pod-node/demo/backend/2 aks-pool2-13111960-vmss000000
#: pin pod-node/demo/backend/3 aks-pool2-13111960-vmss000000
#: pin pod-node/demo/backend/4 aks-pool2-13111960-vmss000000
#: pin pod-ip/demo/pod-a 10.244.0.15
#: pin pod-ip/demo/pod-b 10.244.0.16
#: pin pod-ip/demo/pod-c 10.244.1.27
#: pin pod-age/demo/backend-67859969d6-5w9df 960
#: pin pod-age/demo/backend-67859969d6-947cp 960
#: pin pod-age/demo/backend-67859969d6-rqb56 960
#: pin pod-age/demo/backend-67859969d6-vg7jp 960
#: pin pod-age/demo/backend-67859969d6-wwtkf 960
#: pin pod-age/demo/pod-a 720
#: pin pod-age/demo/pod-b 720
#: pin pod-age/demo/pod-c 720
#
#: pin arp/aks-nodepool1-11743156-vmss000000 10.244.0.5,10.244.0.8,10.244.0.4,10.244.0.15,10.244.0.7,10.244.0.3,10.244.0.10,10.244.0.6,10.244.0.2,10.224.0.5,10.244.0.9,10.224.0.1
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.5 36:88:87:e8:f7:53
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.8 ca:b3:97:72:e1:ba
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.4 12:e5:86:2d:08:6f
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.15 b6:a2:7c:ef:29:9e
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.7 12:47:9c:5a:76:03
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.3 4e:ac:dd:aa:1a:04
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.10 4a:1b:3a:13:4b:fb
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.6 e6:08:61:26:ee:7e
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.2 46:ab:26:7f:e4:d5
#: pin mac/aks-nodepool1-11743156-vmss000000/10.244.0.9 8e:e4:75:47:c3:0f
#
#: internet-host internet 203.0.113.80 dns=example.com,ifconfig.me ports=80,443
#: on-premises-host datacenter 10.1.2.3 prefix=10.1.0.0/16 ports=80

az group create --name rg-kubenet --location eastus --output none
az aks create --resource-group rg-kubenet --name aks --kubernetes-version 1.27.7 --network-plugin kubenet --node-count 1 --generate-ssh-keys --only-show-errors --output none
az aks nodepool add --resource-group rg-kubenet --cluster-name aks --name pool2 --node-count 1 --output none
az aks get-credentials --resource-group rg-kubenet --name aks --only-show-errors

kubectl create namespace demo > /dev/null
kubectl create deployment backend --namespace demo --image=nginx --replicas=5 --port=80 > /dev/null
kubectl create deployment nginx-deploy --image=nginx --replicas=8 --port=80 > /dev/null
kubectl apply -f - > /dev/null <<'YAML'
apiVersion: v1
kind: Pod
metadata: { name: pod-a, namespace: demo, labels: { app: pod-a } }
spec:
  nodeSelector: { kubernetes.io/hostname: aks-nodepool1-11743156-vmss000000 }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: pod-b, namespace: demo, labels: { app: pod-b } }
spec:
  nodeSelector: { kubernetes.io/hostname: aks-nodepool1-11743156-vmss000000 }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: pod-c, namespace: demo, labels: { app: pod-c } }
spec:
  nodeSelector: { kubernetes.io/hostname: aks-pool2-13111960-vmss000000 }
  containers:
    - { name: tools, image: wbitt/network-multitool, ports: [{ containerPort: 80 }] }
YAML
kubectl expose deployment nginx-deploy --port=80 > /dev/null

# The document calls 10.224.1.2 "a device on the same VNet"; that address lies inside the AKS subnet
# (erratum 39), so a second machine stands in a subnet of its own.
NODE_RG=$(az aks show --resource-group rg-kubenet --name aks --query nodeResourceGroup --output tsv)
VNET=$(az network vnet list --resource-group "$NODE_RG" --query '[0].name' --output tsv)
AKS_SUBNET=$(az network vnet subnet show --resource-group "$NODE_RG" --vnet-name "$VNET" --name aks-subnet --query id --output tsv)
BACKEND_SUBNET=$(az network vnet subnet create --resource-group "$NODE_RG" --vnet-name "$VNET" --name vm-subnet --address-prefixes 10.225.0.0/24 --query id --output tsv)
az vm create --resource-group rg-kubenet --name vm-neighbour --image Ubuntu2204 --subnet "$AKS_SUBNET" --private-ip-address 10.224.1.2 --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
az vm create --resource-group rg-kubenet --name vm-backend --image Ubuntu2204 --subnet "$BACKEND_SUBNET" --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors --output none
for vm in vm-neighbour vm-backend; do
  az vm run-command invoke --resource-group rg-kubenet --name "$vm" --command-id RunShellScript --scripts 'apt-get install -y nginx' --output none
done
