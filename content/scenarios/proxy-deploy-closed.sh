#: from proxy-deploy-network CLUSTER=yes
