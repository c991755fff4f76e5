/** Any packet of a pod, under any plugin: its source behind the node, against a twin that only knows the rules. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import { compile } from '../../src/model/compile/compile.ts';
import { address, formatAddress } from '../../src/model/ip/address.ts';
import { prefix, prefixContains } from '../../src/model/ip/prefix.ts';
import { checkTrace } from '../../src/model/trace/check-trace.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import { CIDRS, nodeAddress, pluginWorld, podAddress, traced } from '../unit/model/compile/plugin-world.ts';

const PLUGINS = [
  'kubenet',
  'node-subnet',
  'node-subnet-cilium',
  'pod-subnet',
  'pod-subnet-static',
  'pod-subnet-cilium',
  'overlay',
  'overlay-cilium',
] as const;
type Plugin = (typeof PLUGINS)[number];

interface Packet {
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

const KEPT: Readonly<Record<Exclude<Plugin, `pod-subnet${string}`>, readonly string[]>> = {
  kubenet: [CIDRS.overlay],
  overlay: [CIDRS.overlay],
  'overlay-cilium': [CIDRS.overlay],
  'node-subnet': ['10.20.0.0/16', '172.20.0.0/16'],
  'node-subnet-cilium': ['10.20.0.0/16', '172.20.0.0/16'],
};

/** The documented rule in its plainest form: who is seen once the packet has left the node. */
function sourceBehindNode(plugin: Plugin, { to, protocol, port }: Packet): 'pod' | 'node' {
  switch (plugin) {
    case 'pod-subnet':
    case 'pod-subnet-static':
    case 'pod-subnet-cilium': {
      const dns = to === '168.63.129.16' && protocol !== 'icmp' && port === 53;
      const metadata = to === '169.254.169.254' && protocol === 'tcp' && port === 80;
      return dns || metadata ? 'node' : 'pod';
    }
    case 'kubenet':
    case 'node-subnet':
    case 'node-subnet-cilium':
    case 'overlay':
    case 'overlay-cilium':
      return KEPT[plugin].some((each) => prefixContains(prefix(each), address(to))) ? 'pod' : 'node';
  }
}

const inside = (start: string, free: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(255), { minLength: free, maxLength: free }).map((octets) => [start, ...octets].join('.'));

const packet: fc.Arbitrary<Packet> = fc.record({
  to: fc.oneof(
    inside('10.244', 2),
    inside('10.20', 2),
    inside('10.30', 2),
    inside('10.1', 2),
    inside('172.20', 2),
    inside('10', 3),
    fc.constantFrom('168.63.129.16', '169.254.169.254', '203.0.113.80', '10.20.8.4', '10.30.0.4', '10.1.2.3'),
  ),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
  port: fc.constantFrom(53, 80, 443, 8080),
});

describe.each(PLUGINS)('%s', (plugin) => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await pluginWorld(plugin);
  });

  test('what leaves the node has the source that the rules say, and the trace is sound', () => {
    const own = { pod: podAddress(cloud, 'client'), node: nodeAddress(cloud, 0) };
    let left = 0;
    fc.assert(
      fc.property(packet, (each) => {
        const trace = traced(cloud, 'pod/client', each.to, {
          protocol: each.protocol,
          ...(each.protocol === 'icmp' ? {} : { port: each.port }),
        });
        checkTrace(trace);
        const fabric = trace.hops.find((hop) => hop.place.startsWith('fabric/'));
        if (fabric === undefined) return;
        left++;
        const { destination, source } = fabric.steps[0]!.before;
        // A Service's address has become an endpoint's, to which the rules apply then.
        const to = formatAddress(destination.address);
        const seen = formatAddress(source.address);
        expect(seen, describeTrace(trace).join('\n')).toBe(own[sourceBehindNode(plugin, { ...each, to })]);
      }),
      { numRuns: 150 },
    );
    expect(left).toBeGreaterThan(50);
  });

  test('a network of which only some hosts were asked for is the network that has them all', () => {
    const whole = compile(fresh(cloud)).network;
    const ids = [...whole.hosts.keys()];
    fc.assert(
      fc.property(fc.shuffledSubarray(ids), (some) => {
        const { network } = compile(fresh(cloud));
        for (const id of some) expect(network.hosts.get(id)).toEqual(whole.hosts.get(id));
        expect([...network.hosts.keys()]).toEqual(ids);
        expect([...network.segments.keys()]).toEqual([...whole.segments.keys()]);
        for (const { members } of network.segments.values()) {
          for (const member of members) {
            const faces = network.hosts.get(member.host)?.interfaces ?? [];
            expect(faces.map((face) => face.name)).toContain(member.interface);
          }
        }
      }),
      { numRuns: 5 },
    );
  });
});

/** A copy that is compiled anew: what was compiled is remembered by its resources. */
function fresh(cloud: Cloud): Cloud {
  return { ...cloud, resources: { ...cloud.resources } };
}
