/** The course's kubenet cluster, as compiled from real commands: as the lessons show it, and broken in turn. */
import { icmp, tcp, udp } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { variationsOf } from '../script-variation.ts';

const A = 'pod/demo/pod-a';
const B = 'pod/demo/pod-b';
const C = 'pod/demo/pod-c';
const NGINX = 'pod/nginx-deploy-846d6f46b7-6chl2';
const FIRST = 'aks-nodepool1-11743156-vmss000000';
const SECOND = 'aks-pool2-13111960-vmss000000';
/** A pod with `hostNetwork: true` on the second node. */
const HOST_NETWORK = 'pod/kube-system/kube-proxy-gmrvv';

const GROUP = 'MC_rg-kubenet_aks_eastus';
const ROUTES = `--resource-group ${GROUP} --route-table-name aks-agentpool-30792498-routetable`;
const RULES = `--resource-group ${GROUP} --nsg-name aks-agentpool-30792498-nsg`;
const KUBECTL = 'az aks get-credentials --resource-group rg-kubenet --name aks --only-show-errors';

const variation = variationsOf('kubenet-case-study');

export const kubenetCaseStudy: Scenario = {
  name: 'kubenet-case-study',
  variations: [
    variation(
      'as it is',
      [],
      [
        tcp(A, B, 'delivered'),
        icmp(A, B, 'delivered'),
        tcp(A, B, 'refused', 81),
        udp(A, B, 'refused', 81),
        tcp(A, A, 'delivered'),
        tcp(A, C, 'delivered'),
        tcp(C, A, 'delivered'),
        icmp(A, C, 'delivered'),
        tcp(A, C, 'refused', 81),
        udp(A, C, 'refused', 81),
        tcp(A, NGINX, 'delivered'),
        tcp(C, NGINX, 'delivered'),
        tcp(A, '10.244.0.200', 'next-hop-unreachable'),
        tcp(A, '10.244.1.200', 'next-hop-unreachable'),
        tcp(A, '10.244.7.7', 'dropped-by-route'),
        tcp(A, `node/${FIRST}`, 'delivered', 10250),
        tcp(A, `node/${SECOND}`, 'delivered', 10250),
        icmp(A, `node/${SECOND}`, 'delivered'),
        tcp(A, `node/${SECOND}`, 'refused', 81),
        tcp(A, '10.224.0.200', 'next-hop-unreachable'),
        tcp(`node/${FIRST}`, B, 'delivered'),
        tcp(`node/${FIRST}`, C, 'delivered'),
        tcp(`node/${FIRST}`, `node/${SECOND}`, 'delivered', 10250),
        tcp(HOST_NETWORK, A, 'delivered'),
        tcp(HOST_NETWORK, C, 'delivered'),
        tcp(A, HOST_NETWORK, 'delivered', 10250),
        tcp(A, 'vm/vm-neighbour', 'delivered', 22),
        tcp(A, 'vm/vm-backend', 'delivered', 22),
        icmp(C, 'vm/vm-backend', 'delivered'),
        tcp(C, 'host/datacenter', 'delivered'),
        icmp(C, 'host/datacenter', 'delivered'),
        tcp(C, 'internet', 'delivered'),
        tcp(C, 'internet', 'delivered', 443),
        // Outbound rules of a load balancer translate TCP and UDP only.
        icmp(A, 'internet', 'no-outbound-path'),
        tcp(`node/${FIRST}`, 'internet', 'delivered'),
        tcp('vm/vm-backend', 'internet', 'delivered'),
        tcp('vm/vm-neighbour', A, 'delivered'),
        tcp('vm/vm-neighbour', 'vm/vm-backend', 'delivered', 22),
        tcp('vm/vm-backend', `node/${FIRST}`, 'delivered', 10250),
        tcp('vm/vm-backend', A, 'dropped-by-route'),
        tcp('host/datacenter', `node/${FIRST}`, 'delivered', 10250),
        tcp('host/datacenter', 'vm/vm-backend', 'delivered', 22),
        tcp('host/datacenter', A, 'no-route'),
        tcp('internet', A, 'no-route'),
        tcp('internet', `node/${FIRST}`, 'no-route'),
        tcp(A, '169.254.169.254', 'delivered'),
        tcp(A, '168.63.129.16', 'delivered'),
      ],
    ),
    variation(
      'services',
      [
        KUBECTL,
        'kubectl create service clusterip nobody --tcp=80',
        'kubectl expose deployment nginx-deploy --name=closed --port=80 --target-port=81',
        'kubectl expose pod pod-a --namespace demo --name=itself --port=80',
      ],
      [
        tcp(A, 'service/nginx-deploy', 'delivered'),
        tcp(C, 'service/nginx-deploy', 'delivered'),
        tcp(`node/${FIRST}`, 'service/nginx-deploy', 'delivered'),
        tcp(A, 'service/demo/itself', 'delivered'),
        tcp(B, 'service/demo/itself', 'delivered'),
        tcp(C, 'service/demo/itself', 'delivered'),
        udp(A, 'service/kube-system/kube-dns', 'delivered', 53),
        tcp(C, 'service/kube-system/kube-dns', 'delivered', 53),
        tcp(A, 'service/default/kubernetes', 'delivered', 443),
        tcp(A, 'service/nobody', 'refused'),
        tcp(`node/${FIRST}`, 'service/nobody', 'refused'),
        tcp(A, 'service/closed', 'refused'),
        icmp(A, 'service/nginx-deploy', 'dropped-by-route'),
        tcp(A, 'service/nginx-deploy', 'dropped-by-route', 8080),
        tcp(A, '10.0.77.77', 'dropped-by-route'),
      ],
    ),
    variation(
      'the route of the second node leads to a machine that does not forward',
      [
        `az network route-table route update ${ROUTES} --name ${SECOND}____102441024 --next-hop-ip-address 10.224.1.2`,
      ],
      [
        tcp(A, C, 'next-hop-unreachable'),
        tcp(C, A, 'next-hop-unreachable'),
        icmp(A, C, 'next-hop-unreachable'),
        tcp(A, B, 'delivered'),
        tcp(A, `node/${SECOND}`, 'delivered', 10250),
        tcp(C, 'internet', 'delivered'),
      ],
    ),
    variation(
      'a longer route to None',
      [
        `az network route-table route create ${ROUTES} --name stop --address-prefix 10.244.1.0/28 --next-hop-type None`,
      ],
      [
        tcp(A, 'pod/nginx-deploy-846d6f46b7-qm6rw', 'dropped-by-route'),
        tcp('pod/nginx-deploy-846d6f46b7-qm6rw', A, 'dropped-by-route'),
        tcp(A, C, 'delivered'),
        tcp(C, 'pod/nginx-deploy-846d6f46b7-qm6rw', 'delivered'),
      ],
    ),
    variation(
      'routes to None for the internet and the datacenter',
      [
        `az network route-table route create ${ROUTES} --name no-internet --address-prefix 0.0.0.0/0 --next-hop-type None`,
        `az network route-table route create ${ROUTES} --name no-datacenter --address-prefix 10.1.2.0/24 --next-hop-type None`,
      ],
      [
        tcp(A, 'internet', 'dropped-by-route'),
        tcp(C, 'host/datacenter', 'dropped-by-route'),
        tcp('host/datacenter', `node/${FIRST}`, 'dropped-by-route', 10250),
        tcp(A, '10.244.7.7', 'dropped-by-route'),
        tcp('vm/vm-backend', 'internet', 'delivered'),
        tcp('host/datacenter', 'vm/vm-backend', 'delivered', 22),
        tcp(A, C, 'delivered'),
      ],
    ),
    variation(
      'the subnet without its route table',
      [
        `az network vnet subnet update --resource-group ${GROUP} --vnet-name aks-vnet-30792498 --name aks-subnet --route-table ""`,
      ],
      [
        tcp(A, C, 'dropped-by-route'),
        tcp(C, A, 'dropped-by-route'),
        tcp(`node/${FIRST}`, C, 'dropped-by-route'),
        tcp(A, B, 'delivered'),
        tcp(A, 'vm/vm-backend', 'delivered', 22),
        tcp(A, 'internet', 'delivered'),
      ],
    ),
    variation(
      'a security group that denies what comes in',
      [
        `az network nsg rule create ${RULES} --name DenyPods --priority 100 --direction Inbound --access Deny --protocol Tcp --source-address-prefixes 10.244.1.0/24 --destination-port-ranges 80`,
        `az network nsg rule create ${RULES} --name DenyKubelet --priority 110 --direction Inbound --access Deny --protocol Tcp --source-address-prefixes 10.224.0.0/16 10.225.0.0/24 --destination-port-ranges 10000-10300`,
        `az network nsg rule create ${RULES} --name DenyUdp --priority 120 --direction Inbound --access Deny --protocol Udp --source-address-prefixes '*' --destination-port-ranges '*'`,
      ],
      [
        tcp(C, A, 'denied-inbound'),
        tcp(A, C, 'delivered'),
        icmp(C, A, 'delivered'),
        tcp(C, A, 'refused', 81),
        tcp(C, 'pod/nginx-deploy-846d6f46b7-qm6rw', 'delivered'),
        udp(A, C, 'denied-inbound'),
        udp(A, B, 'refused', 81),
        tcp(A, `node/${SECOND}`, 'denied-inbound', 10250),
        tcp(A, `node/${FIRST}`, 'delivered', 10250),
        tcp('vm/vm-backend', `node/${FIRST}`, 'denied-inbound', 10250),
        tcp('vm/vm-backend', `node/${FIRST}`, 'refused', 81),
        tcp(`node/${FIRST}`, 'vm/vm-backend', 'delivered', 22),
      ],
    ),
    variation(
      'a security group that denies what goes out',
      [
        `az network nsg rule create ${RULES} --name DenyInternet --priority 100 --direction Outbound --access Deny --protocol '*' --source-address-prefixes '*' --destination-address-prefixes Internet --destination-port-ranges 80`,
        `az network nsg rule create ${RULES} --name DenyDatacenter --priority 110 --direction Outbound --access Deny --protocol '*' --source-address-prefixes '*' --destination-address-prefixes 10.1.0.0/16 --destination-port-ranges '*'`,
        `az network nsg rule create ${RULES} --name DenyFromPodA --priority 120 --direction Outbound --access Deny --protocol Tcp --source-address-prefixes 10.244.0.15 --destination-port-ranges 80`,
      ],
      [
        tcp(C, 'internet', 'denied-outbound'),
        tcp(C, 'internet', 'delivered', 443),
        tcp(C, 'host/datacenter', 'denied-outbound'),
        icmp(C, 'host/datacenter', 'denied-outbound'),
        tcp('host/datacenter', `node/${FIRST}`, 'delivered', 10250),
        tcp(A, C, 'denied-outbound'),
        tcp(B, C, 'delivered'),
        tcp(C, A, 'delivered'),
        tcp(A, B, 'delivered'),
      ],
    ),
  ],
};
