/** What the compiled fabric decides, against slow twins that read the resources' text as Azure's pages do. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listResources, putResource } from '../../src/model/azure/resource-store.ts';
import type { Route, SecurityRule } from '../../src/model/azure/resources.ts';
import type { Cloud, OutsideHost } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Step, Trace } from '../../src/model/trace/trace.ts';
import { NETWORK, ROUTE_TABLE, SECURITY_GROUP, kubenetCloud } from '../unit/model/compile/kubenet-cloud.ts';

/** 10.1.2.3 as a number, without the model's own parser. */
function number(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function contains(prefix: string, address: string): boolean {
  const [start = '', length = '32'] = prefix.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(start) / size);
}

const octets = (...choices: number[]) => fc.constantFrom(...choices);
/** Destinations crowded around the ranges of the fixture. */
const crowdedAddress = fc
  .tuple(
    octets(10, 172, 192, 203, 100),
    octets(0, 1, 16, 64, 168, 224, 225, 244),
    octets(0, 1, 2),
    octets(0, 2, 4, 5, 80, 99, 200),
  )
  .map((parts) => parts.join('.'));
const crowdedPrefix = fc
  .tuple(crowdedAddress, fc.constantFrom(0, 8, 9, 12, 16, 23, 24, 25, 30, 32))
  .map(([address, length]) => {
    const size = 2 ** (32 - length);
    const start = Math.floor(number(address) / size) * size;
    return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${length}`;
  });

const VNET = '10.224.0.0/12';
const NONE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

interface Candidate {
  readonly prefix: string;
  /** 0 user-defined, 1 learned, 2 system: the lower one wins between equal prefixes. */
  readonly rank: number;
  readonly label: string;
}

/** The documented choice: longest prefix, then user-defined before learned before system. */
function slowRoute(users: readonly Route[], learned: readonly string[], destination: string): string {
  const overridden = users.some((each) => each.addressPrefix === '0.0.0.0/0');
  const candidates: Candidate[] = [
    ...users.map((each) => ({ prefix: each.addressPrefix, rank: 0, label: `route ${each.name} of` })),
    ...learned
      .filter((each) => !(contains(VNET, each.split('/')[0] ?? '') && Number(each.split('/')[1]) >= 12))
      .map((each) => ({ prefix: each, rank: 1, label: `learned route ${each} ` })),
    { prefix: VNET, rank: 2, label: `system route ${VNET} ` },
    { prefix: '0.0.0.0/0', rank: 2, label: 'system route 0.0.0.0/0 ' },
    ...(overridden ? [] : NONE.map((each) => ({ prefix: each, rank: 2, label: `system route ${each} ` }))),
  ].filter((each) => contains(each.prefix, destination));
  const length = (each: Candidate): number => Number(each.prefix.split('/')[1]);
  candidates.sort((a, b) => length(b) - length(a) || a.rank - b.rank);
  return candidates[0]?.label ?? 'nothing';
}

const aRoute = fc.record({
  addressPrefix: crowdedPrefix,
  nextHopType: fc.constantFrom<Route['nextHopType'][]>(
    'None',
    'VnetLocal',
    'Internet',
    'VirtualAppliance',
    'VirtualNetworkGateway',
  ),
});
const BASE = kubenetCloud();

function withRoutes(cloud: Cloud, routes: readonly Route[], disableBgpRoutePropagation: boolean): Cloud {
  const table = listResources(cloud, 'Microsoft.Network/routeTables').find(
    (each) => each.name === ROUTE_TABLE,
  );
  if (table === undefined) throw new Error('no route table');
  return putResource(cloud, { ...table, routes, disableBgpRoutePropagation });
}

function fabricSteps(trace: Trace): readonly Step[] {
  return trace.hops.find((each) => each.place === `fabric/${NETWORK}`)?.steps ?? [];
}

test('the fabric chooses the route that the documentation chooses', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(aRoute, { maxLength: 6, selector: (each) => each.addressPrefix }),
      fc.uniqueArray(
        crowdedPrefix.filter((each) => !each.endsWith('/0')),
        { maxLength: 2 },
      ),
      fc.boolean(),
      crowdedAddress,
      (drawn, learned, noPropagation, destination) => {
        const routes = drawn.map(({ addressPrefix, nextHopType }, at): Route => ({
          id: `r${at}`,
          name: `r${at}`,
          addressPrefix,
          nextHopType,
          nextHopIpAddress: nextHopType === 'VirtualAppliance' ? '10.225.0.4' : null,
          hasBgpOverride: false,
          etag: '',
          provisioningState: 'Succeeded',
        }));
        const sites = learned.map((prefix, at): OutsideHost => ({
          kind: 'on-premises',
          name: `site${at}`,
          address: prefix.split('/')[0] ?? '',
          prefix,
          virtualNetwork: NETWORK,
          ports: [80],
        }));
        const cloud = withRoutes(
          { ...BASE, outsideHosts: [...BASE.outsideHosts, ...sites] },
          routes,
          noPropagation,
        );
        const answer = ask(cloud, { from: 'vm/neighbour', to: destination });
        if (!answer.ok) throw new Error(answer.error.message);
        const [step] = fabricSteps(answer.value.trace).filter((each) => each.kind === 'route');
        // What the sender does not hand to the fabric (its own address, say) is not the fabric's choice.
        if (step === undefined) return;
        const expected = slowRoute(routes, noPropagation ? [] : learned, destination);
        expect(
          step.by.startsWith(expected),
          `${step.by} but ${expected}\n${describeTrace(answer.value.trace).join('\n')}`,
        ).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});

interface DrawnRule {
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly direction: 'Inbound' | 'Outbound';
  readonly protocol: SecurityRule['protocol'];
  readonly source: string;
  readonly destination: string;
  readonly port: string;
}

const address = fc.oneof(
  fc.constantFrom(
    '*',
    'VirtualNetwork',
    'Internet',
    '10.224.0.0/16',
    '10.224.200.2',
    '10.225.0.0/24',
    '10.244.0.0/16',
    '0.0.0.0/0',
  ),
  crowdedPrefix,
);
const drawnRules: fc.Arbitrary<DrawnRule[]> = fc.uniqueArray(
  fc.record({
    priority: fc.integer({ min: 100, max: 4096 }),
    access: fc.constantFrom('Allow' as const, 'Deny' as const),
    direction: fc.constantFrom('Inbound' as const, 'Outbound' as const),
    protocol: fc.constantFrom<SecurityRule['protocol'][]>('*', 'Tcp', 'Udp', 'Icmp', 'Esp'),
    source: address,
    destination: address,
    port: fc.constantFrom('*', '80', '79-81', '443', '1-1024', '0-65535'),
  }),
  { maxLength: 8, selector: (each) => `${each.direction} ${each.priority}` },
);

const TAGS: Readonly<Record<string, readonly string[]>> = {
  // The address space, the platform's address, and the two routes to node ranges.
  VirtualNetwork: [VNET, '168.63.129.16/32', '10.244.0.0/24', '10.244.1.0/24'],
};
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '168.63.129.16/32',
  '224.0.0.0/3',
];

function names(field: string, value: string): boolean {
  if (field === '*' || field === '0.0.0.0/0') return true;
  if (field === 'Internet') return !NOT_PUBLIC.some((each) => contains(each, value));
  return (TAGS[field] ?? [field]).some((each) => contains(each, value));
}

/** First match by priority; null if a default rule decides to allow. */
function slowVerdict(
  rules: readonly DrawnRule[],
  direction: DrawnRule['direction'],
  packet: { protocol: 'tcp' | 'udp' | 'icmp'; source: string; destination: string; port: number },
): string {
  const sorted = rules
    .filter((each) => each.direction === direction)
    .toSorted((a, b) => a.priority - b.priority);
  for (const each of sorted) {
    if (each.protocol !== '*' && each.protocol.toLowerCase() !== packet.protocol) continue;
    if (!names(each.source, packet.source) || !names(each.destination, packet.destination)) continue;
    // 0-65535 is how Azure writes the star where it lists effective rules.
    if (each.port !== '*' && each.port !== '0-65535') {
      if (packet.protocol === 'icmp') {
        // What Azure makes of a rule for Icmp that names ports is not documented.
        if (each.protocol === 'Icmp') return `Undetermined rule-${each.direction}-${each.priority}`;
        continue;
      }
      const [from = 0, to = from] = each.port.split('-').map(Number);
      if (packet.port < from || packet.port > to) continue;
    }
    return `${each.access} rule-${each.direction}-${each.priority}`;
  }
  const { source, destination } = packet;
  if (names('VirtualNetwork', source) && names('VirtualNetwork', destination)) return 'Allow AllowVnet';
  if (direction === 'Outbound' && names('Internet', destination)) return 'Allow AllowInternetOutBound';
  if (direction === 'Inbound' && contains('168.63.129.16/32', source))
    return 'Allow AllowAzureLoadBalancerInBound';
  return `Deny DenyAll`;
}

function toRule({
  priority,
  access,
  direction,
  protocol,
  source,
  destination,
  port,
}: DrawnRule): SecurityRule {
  return {
    id: `rule-${direction}-${priority}`,
    name: `rule-${direction}-${priority}`,
    description: null,
    priority,
    direction,
    access,
    protocol,
    sourceAddressPrefix: source,
    sourceAddressPrefixes: [],
    sourcePortRange: '*',
    sourcePortRanges: [],
    destinationAddressPrefix: destination,
    destinationAddressPrefixes: [],
    destinationPortRange: port,
    destinationPortRanges: [],
    etag: '',
    provisioningState: 'Succeeded',
  };
}

test('a security group decides as its rules read, first match by priority, out before in', () => {
  fc.assert(
    fc.property(
      drawnRules,
      fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
      fc.constantFrom(
        ['vm/neighbour', '10.224.200.2', 'pod/web-1-0', '10.244.1.2'],
        ['pod/web-0-0', '10.244.0.2', 'pod/web-1-0', '10.244.1.2'],
        ['vm/peer', '10.225.0.4', 'vm/neighbour', '10.224.200.2'],
        ['vm/neighbour', '10.224.200.2', 'vm/peer', '10.225.0.4'],
        ['pod/web-0-0', '10.224.0.4', 'internet', '203.0.113.80'],
      ),
      (rules, protocol, [from = '', source = '', to = '', destination = '']) => {
        const group = listResources(BASE, 'Microsoft.Network/networkSecurityGroups').find(
          (each) => each.name === SECURITY_GROUP,
        );
        if (group === undefined) throw new Error('no NSG');
        const cloud = putResource(BASE, { ...group, securityRules: rules.map(toRule) });
        const port = 80;
        const answer = ask(cloud, { from, to, protocol, ...(protocol === 'icmp' ? {} : { port }) });
        if (!answer.ok) throw new Error(answer.error.message);
        const { trace } = answer.value;
        const packet = { protocol, source, destination, port };
        // The group sits on the AKS subnet and the nodes' NICs; the VM peer has none.
        const out = from === 'vm/peer' ? 'Allow' : slowVerdict(rules, 'Outbound', packet);
        const into = to === 'vm/peer' || to === 'internet' ? 'Allow' : slowVerdict(rules, 'Inbound', packet);
        const text = describeTrace(trace).join('\n');
        const open = [out, out.startsWith('Allow') ? into : ''].find((each) =>
          each.startsWith('Undetermined'),
        );
        if (open !== undefined) {
          expect(trace.disposition, text).toBe('undetermined');
          expect(trace.reason, text).toContain(open.slice('Undetermined '.length));
        } else if (out.startsWith('Deny')) {
          expect(trace.disposition, text).toBe('denied-outbound');
          expect(trace.reason, text).toContain(out.slice('Deny '.length));
        } else if (into.startsWith('Deny')) {
          expect(trace.disposition, text).toBe('denied-inbound');
          expect(trace.reason, text).toContain(into.slice('Deny '.length));
        } else {
          expect(trace.disposition, text).not.toMatch(/^denied/);
        }
      },
    ),
    { numRuns: 600 },
  );
});
