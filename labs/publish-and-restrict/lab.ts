import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesOf, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalAddress, externalEnd } from '../../src/lab/service-view.ts';
import { findResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { formatAddress } from '../../src/model/ip/address.ts';

const SERVICE = 'web';
const NAMESPACE = 'default';
const PORTS = [80, 443] as const;

const view = (cloud: Cloud): ClusterView | Missing => viewCluster(cloud, 'rg-shop', 'aks-shop');

const published: EndOf = externalEnd(view, NAMESPACE, SERVICE);

function reservedAddress(cloud: Cloud): string | null {
  return (
    findResource(cloud, 'Microsoft.Network/publicIPAddresses', 'rg-addresses', 'pip-shop')?.ipAddress ?? null
  );
}

function atReservedAddress(cloud: Cloud): Holds {
  const cluster = view(cloud);
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const address = externalAddress(cluster, NAMESPACE, SERVICE);
  if (isMissing(address)) return { passed: false, found: address.missing };
  const reserved = reservedAddress(cloud);
  return address === reserved
    ? { passed: true }
    : {
        passed: false,
        found: `Service ${SERVICE} is published at ${address}; pip-shop, which the partners know, is ${reserved ?? 'gone'}.`,
      };
}

/** A pod of the worker, which runs in the same cluster. */
const worker: EndOf = (cloud) => {
  const cluster = view(cloud);
  if (isMissing(cluster)) return cluster;
  const pod = nodesRunning(cluster, 'worker')[0]?.pod;
  return pod === undefined ? { missing: 'No pod with the label app=worker runs.' } : podEnd(pod);
};

function reaches(id: string, who: string, from: EndOf): readonly FlowCheck[] {
  return PORTS.map((port) => ({
    kind: 'flow',
    id: `${id}-${port}`,
    evidence: `${who} reaches the app on port ${port}`,
    from,
    to: published,
    protocol: 'tcp',
    port,
    expect: { kind: 'delivered' },
  }));
}

function keptOut(id: string, who: string): readonly FlowCheck[] {
  return PORTS.map((port) => ({
    kind: 'flow',
    id: `${id}-${port}`,
    evidence: `${who} is kept out on port ${port}, by a rule that says so`,
    from: `host/${id}`,
    to: published,
    protocol: 'tcp',
    port,
    expect: {
      kind: 'blocked',
      disposition: 'denied-inbound',
      by: /\bNSG\b|KUBE-PROXY-FIREWALL/,
      control: `partner-a-${port}`,
    },
  }));
}

function acceptDestination(cloud: Cloud, answer: string): Accepts {
  const given = plainAnswer(answer);
  if (given === reservedAddress(cloud)) return { passed: true };
  const cluster = view(cloud);
  const isNode = !isMissing(cluster) && nodesOf(cluster).some(({ address }) => address === given);
  return {
    passed: false,
    feedback: isNode
      ? 'A node gets the packet, but with floating IP the load balancer changes nothing in it: read the header in the step of the NSG.'
      : 'Write one address: the destination in the step where the NSG of the subnet decides about a partner (netpath --from host/partner-a ...).',
  };
}

function acceptSeen(cloud: Cloud, answer: string): Accepts {
  const given = plainAnswer(answer);
  if (!['partner', 'node', 'balancer'].includes(given)) {
    return { passed: false, feedback: 'Answer with one word: partner, node or balancer.' };
  }
  const to = published;
  const address = typeof to === 'function' ? to(cloud, { start: cloud }) : to;
  if (isMissing(address))
    return { passed: false, feedback: `There is nothing to look at yet. ${address.missing}` };
  const asked = askModel(cloud, { from: 'host/partner-a', to: address, protocol: 'tcp', port: 80 });
  const seen = asked.ok ? asked.value.trace.seenSource : null;
  const cluster = view(cloud);
  if (seen === null || isMissing(cluster)) {
    return {
      passed: false,
      feedback: 'No packet of partner-a reaches a pod yet: let it in first, then look.',
    };
  }
  const source = formatAddress(seen.address);
  const key = nodesOf(cluster).some((node) => node.address === source)
    ? 'node'
    : source === address
      ? 'balancer'
      : 'partner';
  return given === key
    ? { passed: true }
    : { passed: false, feedback: `The pod sees ${source}. Ask curl from partner-a: the server prints it.` };
}

const [firstPartner, ...otherPartners] = [
  ...reaches('partner-a', 'a partner in 203.0.113.0/26', 'host/partner-a'),
  ...reaches('partner-b', 'a partner in 198.51.100.16/28', 'host/partner-b'),
];
const [firstStranger, ...otherStrangers] = [
  ...keptOut('stranger', 'a stranger'),
  ...keptOut('neighbour', 'a neighbour of the second partner, 198.51.100.40,'),
  ...keptOut('next-door', 'a host just outside the first range, 203.0.113.80,'),
];
if (firstPartner === undefined || firstStranger === undefined) throw new Error('there are no ports');

const lab: Lab = {
  id: 'publish-and-restrict',
  title: 'An app for two partners',
  minutes: 35,
  module: '04-load-balancer-services',
  order: 1,
  objectives: [
    'publish a Service at an address that exists before it, and give the cluster the right to use it',
    'let exactly the wanted sources in, past every group that is asked',
    'say which addresses the NSG and the pod see',
  ],
  seeds: ['amber', 'birch', 'cedar'],
  brief: `Two partners will call the shop's API, the Deployment \`web\` in cluster \`aks-shop\` (\`rg-shop\`). They have
opened their firewalls for one address: \`pip-shop\`, reserved in resource group \`rg-addresses\`. The cluster lives in
your VNet \`vnet-shop\`, Azure CNI Overlay, and acts under the identity \`id-aks\`. The network team guards the nodes'
subnet with a group of its own, \`nsg-nodes\`.

Partners call from \`203.0.113.0/26\` (host \`partner-a\`) and \`198.51.100.16/28\` (\`partner-b\`). The pods of \`worker\`
call the same published address, as they will in production. On the internet there are also \`stranger\`, \`neighbour\`
(\`198.51.100.40\`) and \`next-door\` (\`203.0.113.80\`): close, and not partners.`,
  tasks: [
    {
      id: 'publish',
      title: 'Publish the app at the reserved address',
      text: `A Service \`${SERVICE}\` in namespace \`${NAMESPACE}\` of type LoadBalancer publishes the pods of \`web\` (they listen on 80)
on TCP 80 and TCP 443 at the address of \`pip-shop\`. Both partners and the pods of \`worker\` reach it on both ports.`,
      hints: [
        `Three parties have a say: the cloud controller must be allowed to use the address, and a packet that reaches a node must pass the group on the subnet and the group on the NIC. AKS writes into its own group only.`,
        `\`kubectl describe service ${SERVICE}\` ends with events: while the address is not usable they say why. Two annotations name a brought address and its resource group. Then \`netpath --from host/partner-a --to ADDRESS --port 80\` names the group that drops.`,
        `Give \`id-aks\` the role Network Contributor on \`rg-addresses\`; annotate \`azure-load-balancer-resource-group: rg-addresses\` and \`azure-pip-name: pip-shop\` (both with \`service.beta.kubernetes.io/\` in front); allow the partners in \`nsg-nodes\`, with the public address as destination.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'reserved-address',
          evidence: 'the app is published at the address that the partners know',
          holds: atReservedAddress,
        },
        firstPartner,
        ...otherPartners,
        ...reaches('worker', 'a pod of the same cluster', worker),
      ],
    },
    {
      id: 'restrict',
      title: 'Keep everyone else out',
      text: `Nobody but the partners and the cluster's pods gets in, on neither port. (This counts while the partners get in.)`,
      hints: [
        `Where an address of the Service is not restricted, the cloud controller lets the whole internet in. A range is as long as its prefix says: 203.0.113.0/24 is four times the partner.`,
        `\`loadBalancerSourceRanges\` is enforced twice: by the NSG that AKS manages, and by kube-proxy on each node, which also asks about the cluster's own pods. The annotation \`azure-allowed-ip-ranges\` is for the NSG alone. \`az network nsg rule list\` on the group in the node resource group shows what became of them.`,
        `\`loadBalancerSourceRanges: [203.0.113.0/26, 198.51.100.16/28, 10.244.0.0/16]\`: the last is the pods' range, without which a worker that calls the published address is dropped on its own node.`,
      ],
      checks: [firstStranger, ...otherStrangers],
    },
    {
      id: 'look',
      title: 'Say who sees what',
      text: `Look at a packet of \`partner-a\` on its way in, and answer two questions about it.`,
      hints: [
        `With floating IP the load balancer picks a node and changes nothing in the packet. On the node kube-proxy changes more than the destination.`,
        `\`netpath --from host/partner-a --to ADDRESS --port 80 -o json\` has the header before and after each step; curl prints what the server sees: \`ssh partner-a curl -s http://ADDRESS\`.`,
        `The filter steps of the fabric have the destination that the NSG compares; the last translation on the node says which source the pod gets with externalTrafficPolicy Cluster.`,
      ],
      checks: [
        {
          kind: 'answer',
          id: 'nsg-destination',
          evidence: 'which destination the NSG sees',
          key: 'nsg-destination',
          question:
            "Which destination address does a partner's packet have when the group on the nodes' subnet looks at it?",
          accept: acceptDestination,
        },
        {
          kind: 'answer',
          id: 'seen-by-pod',
          evidence: 'who the pod takes for its client',
          key: 'seen-by-pod',
          question:
            'Whose address does the pod see as the source of that request, with your Service as it is: partner, node or balancer?',
          accept: acceptSeen,
        },
      ],
    },
  ],
};

export default lab;
