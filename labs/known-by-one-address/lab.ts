import { askModel } from '../../src/lab/ask-model.ts';
import { isMissing, nodesRunning, podEnd, viewCluster } from '../../src/lab/cluster-view.ts';
import type { ClusterView } from '../../src/lab/cluster-view.ts';
import type { Accepts, Before, EndOf, FlowCheck, Holds, Lab, Missing } from '../../src/lab/lab.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import { externalEnd } from '../../src/lab/service-view.ts';
import { armKey, findResource, getResource, sameId } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { address, formatAddress } from '../../src/model/ip/address.ts';
import { addressCount, firstAddress, prefix, prefixContains } from '../../src/model/ip/prefix.ts';
import { NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION } from '../../src/model/limits/snat.ts';

const GROUP = 'rg-send';
const RECEIVER = 'host/receiver';
const PUBLIC_ADDRESS = 'Microsoft.Network/publicIPAddresses';
const IDLE_MINUTES = 10;
const MANAGED_COUNT = 2;

type Which = 'aks-managed' | 'aks-own';

const view = (cloud: Cloud, which: Which): ClusterView | Missing => viewCluster(cloud, GROUP, which);

function probe(which: Which, at: 0 | 1): EndOf {
  return (cloud) => {
    const cluster = view(cloud, which);
    if (isMissing(cluster)) return cluster;
    const found = nodesRunning(cluster, 'probe')[at];
    return found === undefined
      ? {
          missing: `Pods with the label app=probe run on too few nodes of ${which} (${nodesRunning(cluster, 'probe').length}); the checks need two.`,
        }
      : podEnd(found.pod);
  };
}

/** The source that the receiver sees for one connection of a pod, or why it sees none. */
function seen(cloud: Cloud, from: EndOf, port: number): string | Missing {
  const end = typeof from === 'string' ? from : from(cloud, { start: cloud });
  if (isMissing(end)) return end;
  const asked = askModel(cloud, { from: end, to: RECEIVER, protocol: 'tcp', port });
  if (!asked.ok) return { missing: asked.error };
  const { disposition, reason, seenSource } = asked.value.trace;
  return disposition === 'delivered' && seenSource !== null
    ? formatAddress(seenSource.address)
    : { missing: `${end} does not reach the receiver on port ${port}: ${disposition}: ${reason}` };
}

/** Whether every connection that is tried shows one of the addresses that `mayShow` accepts. */
function showsOnly(which: Which, mayShow: (cloud: Cloud, shown: string) => string | null) {
  return (cloud: Cloud): Holds => {
    for (const at of [0, 1] as const) {
      for (const port of [80, 443]) {
        const shown = seen(cloud, probe(which, at), port);
        if (isMissing(shown)) return { passed: false, found: shown.missing };
        const problem = mayShow(cloud, shown);
        if (problem !== null) return { passed: false, found: problem };
      }
    }
    return { passed: true };
  };
}

// The managed gateway

function managedAddresses(cloud: Cloud): readonly string[] | Missing {
  const cluster = view(cloud, 'aks-managed');
  if (isMissing(cluster)) return cluster;
  const profile = cluster.cluster.networkProfile.natGatewayProfile ?? null;
  if (profile === null) {
    return {
      missing: `aks-managed has outbound type ${cluster.cluster.networkProfile.outboundType}, and no NAT gateway.`,
    };
  }
  return profile.effectiveOutboundIPs
    .flatMap(({ id }) => getResource(cloud, id, PUBLIC_ADDRESS)?.ipAddress ?? [])
    .sort();
}

function managedGateway(cloud: Cloud): Holds {
  const cluster = view(cloud, 'aks-managed');
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const { outboundType, natGatewayProfile } = cluster.cluster.networkProfile;
  if (outboundType !== 'managedNATGateway' || (natGatewayProfile ?? null) === null) {
    return { passed: false, found: `The outbound type of aks-managed is ${outboundType}.` };
  }
  const count = natGatewayProfile?.managedOutboundIPProfile?.count ?? 0;
  const idle = natGatewayProfile?.idleTimeoutInMinutes ?? 0;
  return count === MANAGED_COUNT && idle === IDLE_MINUTES
    ? { passed: true }
    : {
        passed: false,
        found: `Its gateway has ${count} managed ${count === 1 ? 'address' : 'addresses'} and an idle timeout of ${idle} minutes; it must have ${MANAGED_COUNT} and ${IDLE_MINUTES}.`,
      };
}

const showsManaged = showsOnly('aks-managed', (cloud, shown) => {
  const own = managedAddresses(cloud);
  if (isMissing(own)) return own.missing;
  return own.includes(shown) ? null : `The receiver saw ${shown}, which is none of ${own.join(', ')}.`;
});

function acceptManaged(cloud: Cloud, answer: string): Accepts {
  const own = managedAddresses(cloud);
  if (isMissing(own)) return { passed: false, feedback: `There is nothing to look at yet. ${own.missing}` };
  const given = answer
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
    .map(plainAnswer)
    .sort();
  if (given.join() === own.join()) return { passed: true };
  return {
    passed: false,
    feedback: given.every((each) => own.includes(each))
      ? `That is a part of the list. Each connection may get any address of the gateway, so a receiver needs all of them.`
      : `Look at natGatewayProfile.effectiveOutboundIPs of the cluster: ids of public addresses, and 'az network public-ip show --ids ID --query ipAddress' has the address of each.`,
  };
}

// The brought gateway

function sendPrefix(cloud: Cloud): string | null {
  return findResource(cloud, 'Microsoft.Network/publicIPPrefixes', GROUP, 'prefix-send')?.ipPrefix ?? null;
}

function broughtGateway(cloud: Cloud): Holds {
  const cluster = view(cloud, 'aks-own');
  if (isMissing(cluster)) return { passed: false, found: cluster.missing };
  const { networkProfile, agentPoolProfiles } = cluster.cluster;
  if (networkProfile.outboundType !== 'userAssignedNATGateway') {
    return { passed: false, found: `The outbound type of aks-own is ${networkProfile.outboundType}.` };
  }
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-send');
  const subnet = network?.subnets.find(({ name }) => name === 'snet-nodes');
  const outside = agentPoolProfiles.find(
    ({ vnetSubnetId }) => vnetSubnetId === null || !sameId(vnetSubnetId, subnet?.id ?? ''),
  );
  return outside === undefined
    ? { passed: true }
    : { passed: false, found: `Pool ${outside.name} of aks-own is not in snet-nodes of vnet-send.` };
}

const showsPrefix = showsOnly('aks-own', (cloud, shown) => {
  const own = sendPrefix(cloud);
  if (own === null) return 'The prefix prefix-send is gone.';
  return prefixContains(prefix(own), address(shown))
    ? null
    : `The receiver saw ${shown}, which is not in prefix-send (${own}).`;
});

/** Every address of the prefix is the gateway's, so that none of them is missing when it is needed. */
function wholePrefix(cloud: Cloud): Holds {
  const own = findResource(cloud, 'Microsoft.Network/publicIPPrefixes', GROUP, 'prefix-send');
  if (own === null) return { passed: false, found: 'The prefix prefix-send is gone.' };
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-send');
  const id = network?.subnets.find(({ name }) => name === 'snet-nodes')?.natGateway?.id ?? null;
  const gateway = id === null ? null : getResource(cloud, id, 'Microsoft.Network/natGateways');
  if (gateway === null) return { passed: false, found: 'snet-nodes has no NAT gateway.' };
  const parts = gateway.publicIpAddresses.filter(
    (each) =>
      armKey(getResource(cloud, each.id, PUBLIC_ADDRESS)?.publicIPPrefix?.id ?? '') === armKey(own.id),
  );
  const others = gateway.publicIpAddresses.length - parts.length;
  const held = gateway.publicIpPrefixes.some((each) => sameId(each.id, own.id))
    ? addressCount(prefix(own.ipPrefix))
    : parts.length;
  if (others > 0)
    return {
      passed: false,
      found: `Gateway ${gateway.name} has ${others} more addresses than those of prefix-send.`,
    };
  return held === addressCount(prefix(own.ipPrefix))
    ? { passed: true }
    : {
        passed: false,
        found: `Gateway ${gateway.name} has ${held} of the ${addressCount(prefix(own.ipPrefix))} addresses of prefix-send.`,
      };
}

// What it can carry

function acceptSameDestination(_: Cloud, answer: string, { start }: Before): Accepts {
  const own = sendPrefix(start);
  const addresses = own === null ? 0 : addressCount(prefix(own));
  const key = addresses * NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value;
  const given = Number(plainAnswer(answer).replaceAll(/[ ,_.]/g, ''));
  if (given === key) return { passed: true };
  return {
    passed: false,
    feedback:
      given === NAT_GATEWAY_CONNECTIONS_TO_ONE_DESTINATION.value
        ? 'That is what one address can hold. How many has the gateway?'
        : 'Ports are not the only limit: Azure caps the connections of one address to one destination. The calculator nat-gateway and the lesson name the number; multiply it by the addresses of prefix-send.',
  };
}

const front: EndOf = externalEnd((cloud) => view(cloud, 'aks-own'), 'default', 'front');

/** `lb/kubernetes` and `natgw/NAME` are what netpath calls them. */
function whoIsMeant(answer: string): 'balancer' | 'gateway' | null {
  const isBalancer = /balancer|^lb\b/.test(answer);
  const isGateway = /gateway|^natgw\b/.test(answer);
  if (isBalancer === isGateway) return null;
  return isBalancer ? 'balancer' : 'gateway';
}

function acceptCustomer(cloud: Cloud, answer: string): Accepts {
  const given = whoIsMeant(plainAnswer(answer));
  if (given === null) {
    return { passed: false, feedback: 'Answer with one word: balancer or gateway.' };
  }
  const to = typeof front === 'string' ? front : front(cloud, { start: cloud });
  if (isMissing(to)) return { passed: false, feedback: `There is nothing to look at yet. ${to.missing}` };
  const asked = askModel(cloud, { from: 'host/customer', to, protocol: 'tcp', port: 80 });
  const reverse = asked.ok ? asked.value.trace.reverse : null;
  if (reverse === null) {
    return {
      passed: false,
      feedback: 'No packet of the customer arrives yet: publish front first, then look at the way back.',
    };
  }
  const key = reverse.hops.some(({ place }) => place.startsWith('natgw/')) ? 'gateway' : 'balancer';
  return given === key
    ? { passed: true }
    : {
        passed: false,
        feedback:
          'Read the way back in netpath --from host/customer --to ADDRESS --port 80: the place before the internet.',
      };
}

function delivered(id: string, evidence: string, from: EndOf, to: EndOf, port: number): FlowCheck {
  return { kind: 'flow', id, evidence, from, to, protocol: 'tcp', port, expect: { kind: 'delivered' } };
}

function keptOut(id: string, evidence: string, to: EndOf, port: number, by: RegExp): FlowCheck {
  return {
    kind: 'flow',
    id,
    evidence,
    from: 'host/customer',
    to,
    protocol: 'tcp',
    port,
    expect: { kind: 'blocked', disposition: 'denied-inbound', by, control: 'customer-to-front' },
  };
}

const lab: Lab = {
  id: 'known-by-one-address',
  title: 'Addresses to write down',
  minutes: 40,
  module: '10-nat-gateway',
  order: 1,
  objectives: [
    'create a cluster with a NAT gateway that AKS manages, and one behind a gateway of your own',
    'prove from the receiver’s side which addresses a cluster shows',
    'say what a gateway can carry to one destination, and what it leaves alone',
  ],
  seeds: ['amber', 'birch'],
  brief: `A receiver on the internet (host \`receiver\`, ports 80 and 443) will let in only addresses that it has been told. You
try two ways in resource group \`rg-send\`, where \`vnet-send\` with \`snet-nodes\`, the public IP prefix \`prefix-send\` and the
identity \`id-aks\` (Network Contributor on the VNet) are ready. The machine \`vm-mail\` in \`snet-mail\` sends mail from
\`pip-mail\` and is known to other receivers: leave it as it is.`,
  tasks: [
    {
      id: 'managed',
      title: 'A gateway that AKS makes',
      text: `Cluster \`aks-managed\` in \`rg-send\`, in a network that AKS makes, with a managed NAT gateway: ${MANAGED_COUNT} addresses, idle
timeout ${IDLE_MINUTES} minutes, at least two nodes. A Deployment \`probe\` (image \`wbitt/network-multitool\`) runs on two of
them and reaches the receiver. Then write down the addresses that the receiver must be told.`,
      hints: [
        'Who makes the gateway makes its addresses too, and keeps them in the node resource group.',
        '`az aks create --help` lists the options that begin with --nat-gateway. `az aks show --query networkProfile.natGatewayProfile` says what became of them.',
        `\`--outbound-type managedNATGateway --nat-gateway-managed-outbound-ip-count ${MANAGED_COUNT} --nat-gateway-idle-timeout ${IDLE_MINUTES}\`; then \`az network public-ip show --ids ID --query ipAddress -o tsv\` for each of effectiveOutboundIPs, and \`answer managed ADDRESS,ADDRESS\`.`,
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'managed-gateway',
          evidence: 'AKS keeps a gateway as it was asked for',
          holds: managedGateway,
        },
        {
          kind: 'invariant',
          id: 'managed-source',
          evidence: 'every connection shows an address of that gateway',
          holds: showsManaged,
        },
        delivered(
          'managed-to-receiver',
          'pods of aks-managed reach the receiver',
          probe('aks-managed', 0),
          RECEIVER,
          443,
        ),
        {
          kind: 'answer',
          id: 'managed-addresses',
          evidence: 'what the receiver must be told',
          key: 'managed',
          question: 'Which addresses must the receiver let in for aks-managed? (All of them, with commas.)',
          accept: acceptManaged,
        },
      ],
    },
    {
      id: 'own',
      title: 'A gateway of your own',
      text: `Cluster \`aks-own\` in \`rg-send\`, in \`snet-nodes\` of \`vnet-send\`, behind a NAT gateway of yours that has all of
\`prefix-send\` and nothing else. A Deployment \`probe\` runs on two of its nodes. A Service \`front\` (type LoadBalancer, port 80,
for \`app=probe\`) is open to customers. \`vm-mail\` goes on sending from \`pip-mail\`, and stays closed to the internet, as do
the addresses of the gateway.`,
      hints: [
        'AKS makes nothing here: the gateway must be on the subnet before the cluster asks for it.',
        'Prefix, gateway, subnet, cluster, in this order; `az network nat gateway create --help` has an option for prefixes. The cluster needs an identity that may use the subnet.',
        '`az network nat gateway create -g rg-send -n nat-send --public-ip-prefixes prefix-send`, `az network vnet subnet update ... --nat-gateway nat-send`, `az aks create ... --vnet-subnet-id ID --assign-identity ID --outbound-type userAssignedNATGateway`.',
      ],
      checks: [
        {
          kind: 'invariant',
          id: 'own-gateway',
          evidence: 'the cluster relies on the gateway of its subnet',
          holds: broughtGateway,
        },
        {
          kind: 'invariant',
          id: 'own-source',
          evidence: 'every connection shows an address of the prefix',
          holds: showsPrefix,
        },
        {
          kind: 'invariant',
          id: 'whole-prefix',
          evidence: 'the gateway has the whole prefix, and nothing else',
          holds: wholePrefix,
        },
        delivered(
          'own-to-receiver',
          'pods of aks-own reach the receiver',
          probe('aks-own', 0),
          RECEIVER,
          443,
        ),
        delivered('customer-to-front', 'customers reach front', 'host/customer', front, 80),
        {
          kind: 'flow',
          id: 'mail-as-before',
          evidence: 'vm-mail still sends from its own address',
          from: 'vm/vm-mail',
          to: RECEIVER,
          protocol: 'tcp',
          port: 443,
          expect: {
            kind: 'delivered',
            seenSource: (cloud) =>
              findResource(cloud, PUBLIC_ADDRESS, GROUP, 'pip-mail')?.ipAddress ?? {
                missing: 'pip-mail is gone.',
              },
          },
        },
        keptOut(
          'nobody-by-gateway',
          'the gateway lets nobody in by its addresses',
          (cloud) => {
            const own = sendPrefix(cloud);
            return own === null
              ? { missing: 'The prefix prefix-send is gone.' }
              : formatAddress(firstAddress(prefix(own)));
          },
          80,
          /NAT gateway/,
        ),
        keptOut(
          'nobody-to-mail',
          'vm-mail is as closed as it was',
          (cloud) =>
            findResource(cloud, PUBLIC_ADDRESS, GROUP, 'pip-mail')?.ipAddress ?? {
              missing: 'pip-mail is gone.',
            },
          22,
          /\bNSG\b/,
        ),
      ],
    },
    {
      id: 'carry',
      title: 'What it carries, and what it leaves alone',
      text: `Two questions about the gateway of \`aks-own\`.`,
      hints: [
        'A gateway lends ports on demand, but one destination does not get all of them. And it lends them to those who open a connection.',
        '`calc nat-gateway --help`; and netpath from host/customer to the address of front shows the way back.',
        'Addresses of the prefix times 50,000. The reply of a connection that came in by a load balancer leaves by it.',
      ],
      checks: [
        {
          kind: 'answer',
          id: 'same-destination',
          evidence: 'how many connections fit to one destination',
          key: 'same-destination',
          question:
            'How many connections can all pods of aks-own together hold at once to one port of one receiver, as far as the gateway is concerned?',
          accept: acceptSameDestination,
        },
        {
          kind: 'answer',
          id: 'customer-reply',
          evidence: 'who answers a customer',
          key: 'customer',
          question: 'A customer calls front. Who carries the answer out: balancer or gateway?',
          accept: acceptCustomer,
        },
      ],
    },
  ],
};

export default lab;
