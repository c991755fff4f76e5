/** The ten things that may be broken, and what each looks like when it is mended. */
import type { Accepts, Before } from '../../src/lab/lab.ts';
import { meantToDrop } from '../../src/lab/meant-to-drop.ts';
import { plainAnswer } from '../../src/lab/plain-answer.ts';
import type { FirewallPolicy, PolicyRuleCollection } from '../../src/model/azure/firewall-resources.ts';
import { setConnectionState } from '../../src/model/azure/private-link-connection.ts';
import { findResource, listResources, putResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { GROUP, TICKETS, openTicket } from './company.ts';
import type { Ticket } from './company.ts';

interface Suspect {
  readonly name: string;
  readonly ticket: Ticket;
  readonly mended: (cloud: Cloud) => Cloud;
}

function withPolicy(cloud: Cloud, change: (collection: PolicyRuleCollection) => PolicyRuleCollection): Cloud {
  const policy = findResource(cloud, 'Microsoft.Network/firewallPolicies', GROUP, 'pol-company');
  if (policy === null) return cloud;
  const next: FirewallPolicy = {
    ...policy,
    ruleCollectionGroups: policy.ruleCollectionGroups.map((group) => ({
      ...group,
      ruleCollections: group.ruleCollections.map(change),
    })),
  };
  return putResource(cloud, next);
}

function withRule(name: string, values: Readonly<Record<string, unknown>>): (cloud: Cloud) => Cloud {
  return (cloud) =>
    withPolicy(cloud, (collection) => {
      // One list of rules is of one type; what is put into a rule is of that type, too.
      const rules = collection.rules.map((rule) => (rule.name === name ? { ...rule, ...values } : rule));
      return { ...collection, rules } as PolicyRuleCollection;
    });
}

function withSecurityRule(group: string, name: string, source: string): (cloud: Cloud) => Cloud {
  return (cloud) => {
    const found = listResources(cloud, 'Microsoft.Network/networkSecurityGroups').find(
      (one) => one.name === group,
    );
    if (found === undefined) return cloud;
    return putResource(cloud, {
      ...found,
      securityRules: found.securityRules.map((rule) =>
        rule.name === name ? { ...rule, sourceAddressPrefix: source, sourceAddressPrefixes: [] } : rule,
      ),
    });
  };
}

function withGatewayRoute(cloud: Cloud): Cloud {
  const table = findResource(cloud, 'Microsoft.Network/routeTables', GROUP, 'rt-gateway');
  const [model] = table?.routes ?? [];
  if (table === null || model === undefined) return cloud;
  const id = model.id.replace(/[^/]+$/, 'data');
  const routes = [
    ...table.routes.filter(({ name }) => name !== 'data'),
    { ...model, id, name: 'data', addressPrefix: '10.20.0.0/16' },
  ];
  return putResource(cloud, { ...table, routes });
}

function withRemoteGateway(cloud: Cloud): Cloud {
  const network = findResource(cloud, 'Microsoft.Network/virtualNetworks', GROUP, 'vnet-data');
  if (network === null) return cloud;
  return putResource(cloud, {
    ...network,
    virtualNetworkPeerings: network.virtualNetworkPeerings.map((one) =>
      one.name === 'data-to-hub' ? { ...one, useRemoteGateways: true } : one,
    ),
  });
}

function withApproval(cloud: Cloud): Cloud {
  const [service] = listResources(cloud, 'Microsoft.Network/privateLinkServices');
  const [connection] = service?.privateEndpointConnections ?? [];
  if (service === undefined || connection === undefined) return cloud;
  const name = { resourceGroup: service.resourceGroup, service: service.name, name: connection.name };
  const approved = setConnectionState(cloud, name, { status: 'Approved' });
  return approved.ok ? approved.value : cloud;
}

const SUSPECTS: readonly Suspect[] = [
  {
    name: 'shop-front',
    ticket: 'customers',
    mended: withRule('shop-front', { translatedAddress: '10.10.1.10' }),
  },
  {
    name: 'web-from-firewall',
    ticket: 'customers',
    mended: withSecurityRule('nsg-shop', 'web-from-firewall', '10.0.1.0/26'),
  },
  { name: 'stock', ticket: 'stock', mended: withRule('stock', { sourceAddresses: ['10.10.0.0/24'] }) },
  {
    name: 'stock-from-shop',
    ticket: 'stock',
    mended: withSecurityRule('nsg-data', 'stock-from-shop', '10.10.0.0/24'),
  },
  { name: 'rt-gateway', ticket: 'plant', mended: withGatewayRoute },
  { name: 'data-to-hub', ticket: 'plant', mended: withRemoteGateway },
  { name: 'pe-ratings', ticket: 'ratings', mended: withApproval },
  {
    name: 'probes',
    ticket: 'ratings',
    mended: withSecurityRule('nsg-ratings', 'probes', 'AzureLoadBalancer'),
  },
  {
    name: 'payments',
    ticket: 'payments',
    mended: withRule('payments', { targetFqdns: ['pay.example.com'] }),
  },
  {
    name: 'blocked-range',
    ticket: 'payments',
    mended: withRule('blocked-range', { destinationAddresses: ['198.51.100.66'] }),
  },
];

/** Other words for one of them. */
const ALSO: Readonly<Record<string, string>> = {
  front: 'shop-front',
  'pls-ratings': 'pe-ratings',
  ratings: 'pe-ratings',
};

const known = new WeakMap<Cloud, ReadonlyMap<Ticket, string>>();

/** For each ticket the one object that closes it, when it alone is put as it was meant. */
function culpritsOf(start: Cloud): ReadonlyMap<Ticket, string> {
  const before = known.get(start);
  if (before !== undefined) return before;
  const found = new Map<Ticket, string>();
  for (const ticket of TICKETS) {
    if (openTicket(start, ticket) === null) throw new Error(`ticket ${ticket} is not open at the start`);
    const healing = SUSPECTS.filter(({ mended }) => openTicket(mended(start), ticket) === null);
    const [first] = healing;
    if (first === undefined || healing.length > 1) {
      throw new Error(
        `ticket ${ticket} is closed by ${healing.map(({ name }) => name).join(', ') || 'nothing'}`,
      );
    }
    found.set(ticket, first.name);
  }
  known.set(start, found);
  return found;
}

export function acceptObject(ticket: Ticket): (cloud: Cloud, answer: string, before: Before) => Accepts {
  return (_, answer, { start }) => {
    const culprit = culpritsOf(start).get(ticket);
    const given = plainAnswer(answer).replace(/^(peering|route|rule|route table|collection|group)[\s/]+/, '');
    const plain = ALSO[given] ?? (given.startsWith('pe-ratings') ? 'pe-ratings' : given);
    if (plain === culprit) return { passed: true };
    const suspect = SUSPECTS.find(({ name }) => name === plain);
    return {
      passed: false,
      feedback:
        suspect === undefined
          ? (meantToDrop(start, plain) ??
            'Answer with the name of one object: a rule, a route table, a peering or an endpoint. The deciding step of the trace names one, or the place where one is missing.')
          : suspect.ticket === ticket
            ? `On a copy of your network ${plain} was put as it was meant: the ticket is as open as before.`
            : `${plain} has nothing to do with these calls: on a copy of your network it was put as it was meant, and they fail as before.`,
    };
  };
}

/** Whether there is a hypothesis, and it was there before the ticket was closed. */
export function answeredFirst(
  ticket: Ticket,
  answered: ReadonlyMap<string, Cloud> | undefined,
): 'yes' | 'later' | 'none' {
  if (answered === undefined) return 'yes';
  const then = answered.get(ticket);
  if (then === undefined) return 'none';
  return openTicket(then, ticket) === null ? 'later' : 'yes';
}
