/** Random security rules, with tags and application security groups (`asg/NAME`), over a few addresses and ports, so that rules meet, and packets at their edges. */
import fc from 'fast-check';
import type { SlowPacket, SlowRule } from './golden/slow-security-rules.ts';

const PREFIXES = [
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.0.1.0/24',
  '10.0.1.4',
  '10.0.1.4/31',
  '10.0.2.0/23',
  '10.244.0.0/16',
  '10.244.3.0/24',
  '192.168.0.0/16',
  '203.0.113.0/24',
  '203.0.113.9',
  '203.0.113.128/25',
  '198.51.100.0/24',
  '128.0.0.0/1',
];
const ADDRESSES = [
  '10.0.1.4',
  '10.0.1.5',
  '10.0.1.6',
  '10.0.2.200',
  '10.0.3.255',
  '10.0.4.0',
  '10.1.0.1',
  '10.244.3.7',
  '10.244.4.7',
  '172.16.0.1',
  '192.168.9.9',
  '203.0.113.9',
  '203.0.113.127',
  '203.0.113.128',
  '198.51.100.1',
  '8.8.8.8',
  '168.63.129.16',
  '255.255.255.255',
];
const TAGS = [
  'VirtualNetwork',
  'Internet',
  'AzureLoadBalancer',
  'Storage',
  'Sql.WestEurope',
  'asg/web',
  'asg/db',
];
const PORTS = [
  '80',
  '443',
  '0-65534',
  '0-65535',
  '1-1024',
  '80-443',
  '8080',
  '1024-65535',
  '30000-32767',
  '65535',
  '0',
];
const PORT_EDGES = [
  0, 1, 79, 80, 81, 443, 444, 1023, 1024, 1025, 8080, 29_999, 30_000, 32_768, 65_534, 65_535,
];

const addresses = (tags: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(['*']) },
    { weight: 2, arbitrary: fc.constantFrom(...tags).map((tag) => [tag]) },
    { weight: 3, arbitrary: fc.constantFrom(...PREFIXES).map((prefix) => [prefix]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...PREFIXES), { minLength: 2, maxLength: 4 }) },
  );
const ports = fc.oneof(
  { weight: 3, arbitrary: fc.constant(['*']) },
  { weight: 3, arbitrary: fc.constantFrom(...PORTS).map((port) => [port]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...PORTS), { minLength: 2, maxLength: 3 }) },
);

/** Up to that many rules; no two of one direction share a priority. Tags may be told to be known ones only. */
export function anyRules(
  most: number,
  options: { readonly tags?: readonly string[]; readonly protocols?: readonly string[] } = {},
): fc.Arbitrary<readonly SlowRule[]> {
  const { tags = TAGS, protocols = ['Tcp', 'Udp', 'Icmp', 'Esp', 'Ah', '*', '*', 'Tcp'] } = options;
  const rule = fc.record({
    priority: fc.oneof(fc.integer({ min: 100, max: 4096 }), fc.integer({ min: 100, max: 110 })),
    direction: fc.constantFrom('Inbound', 'Inbound', 'Outbound'),
    access: fc.constantFrom('Allow', 'Deny'),
    protocol: fc.constantFrom(...protocols),
    sources: addresses(tags),
    sourcePorts: fc.oneof({ weight: 5, arbitrary: fc.constant(['*']) }, ports),
    destinations: addresses(tags),
    destinationPorts: ports,
  });
  return fc
    .uniqueArray(rule, { maxLength: most, selector: (each) => `${each.direction}${each.priority}` })
    .map((rules) => rules.map((each, at) => ({ ...each, name: `rule-${at}` })));
}

export function anyPacket(
  protocols: readonly string[] = ['Tcp', 'Tcp', 'Udp', 'Icmp', 'Esp', 'Ah'],
): fc.Arbitrary<SlowPacket> {
  const port = fc.constantFrom(...PORT_EDGES);
  return fc
    .record({
      protocol: fc.constantFrom(...protocols),
      source: fc.constantFrom(...ADDRESSES),
      sourcePort: port,
      destination: fc.constantFrom(...ADDRESSES.filter((each) => each !== '168.63.129.16')),
      destinationPort: port,
    })
    .map((packet) =>
      packet.protocol === 'Tcp' || packet.protocol === 'Udp'
        ? packet
        : { ...packet, sourcePort: null, destinationPort: null },
    );
}
