/** What must hold on nodes with kube-proxy, whatever the Services are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { address, formatAddress } from '../../src/model/ip/address.ts';
import type { Host, Network } from '../../src/model/network/network.ts';
import { indexHost, isLocal } from '../../src/model/network/host-index.ts';
import { trace } from '../../src/model/trace/walk.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Header, Step, Trace } from '../../src/model/trace/trace.ts';
import { saveTable } from '../../src/shell/place/iptables-list.ts';
import { possible, readTable } from '../support/golden/slow-iptables.ts';
import type { SlowPacket } from '../support/golden/slow-iptables.ts';
import {
  SERVICE_PORT,
  callerAddressOf,
  nodeAddressOf,
  placeOf,
  serviceNetwork,
} from '../support/service-network.ts';
import type { ServiceSketch } from '../support/service-network.ts';

const NODES = 3;
const PODS = 2;

const aPolicy = fc.constantFrom('Cluster' as const, 'Local' as const);
const aSketch = fc.record({
  type: fc.constantFrom('ClusterIP' as const, 'NodePort' as const, 'LoadBalancer' as const),
  endpoints: fc.uniqueArray(fc.tuple(fc.nat(NODES - 1), fc.nat(PODS - 1)), {
    maxLength: 4,
    selector: String,
  }),
  external: aPolicy,
  internal: aPolicy,
  affinity: fc.constantFrom('None' as const, 'ClientIP' as const),
  sourceRanges: fc.uniqueArray(
    fc.constantFrom('198.51.100.10/31', '198.51.100.12/32', '10.224.0.0/24', '10.244.0.0/16', '192.0.2.0/24'),
    { maxLength: 3 },
  ),
  nodePorts: fc.constantFrom('allocated' as const, 'none' as const),
});
const services = fc
  .array(aSketch, { minLength: 1, maxLength: 5 })
  .map((list): ServiceSketch[] => list.map((each, at) => ({ ...each, name: `web-${at}` })));

const aFlow = fc.record({
  from: fc.oneof(
    fc.nat(NODES - 1).map((node) => `host/${node}`),
    fc.nat(NODES - 1).map((node) => `node/${node}`),
    fc.tuple(fc.nat(NODES - 1), fc.nat(PODS - 1)).map(([node, pod]) => `pod/${node}-${pod}`),
  ),
  service: fc.nat(4),
  door: fc.constantFrom(
    'frontend' as const,
    'cluster IP' as const,
    'node port' as const,
    'node port of itself' as const,
  ),
  node: fc.nat(NODES - 1),
});
type AFlow = typeof aFlow extends fc.Arbitrary<infer T> ? T : never;

function destinationOf({ service, door, node, from }: AFlow): readonly [string, number] {
  const place = placeOf(`web-${service}`);
  const own = Number(/\d+/.exec(from)?.[0] ?? 0);
  switch (door) {
    case 'frontend':
      return [place.frontend, SERVICE_PORT];
    case 'cluster IP':
      return [place.clusterIp, SERVICE_PORT];
    case 'node port of itself':
      return [nodeAddressOf(own), place.nodePort];
    case 'node port':
      return [nodeAddressOf(node), place.nodePort];
  }
}

function traced(network: Network, flow: AFlow): Trace {
  const [to, port] = destinationOf(flow);
  return trace(network, {
    from: flow.from,
    protocol: 'tcp',
    source: { address: null, port: null },
    destination: { address: address(to), port },
  });
}

function outcome({ disposition, seenSource, hops }: Trace): readonly (string | null)[] {
  const seen = seenSource === null ? null : formatAddress(seenSource.address);
  return [disposition, seen, hops.at(-1)?.place ?? null];
}

test('what is delivered from outside under externalTrafficPolicy Local keeps its source', () => {
  let delivered = 0;
  fc.assert(
    fc.property(services, aFlow, (list, flow) => {
      const service = list[flow.service];
      fc.pre(flow.from.startsWith('host/') && flow.door !== 'cluster IP' && service?.external === 'Local');
      const result = traced(serviceNetwork({ nodes: NODES, podsPerNode: PODS, services: list }), flow);
      if (result.disposition !== 'delivered') return;
      delivered++;
      expect(outcome(result)[1], describeTrace(result).join('\n')).toBe(
        callerAddressOf(Number(flow.from.slice(5))),
      );
    }),
    { numRuns: 400 },
  );
  expect(delivered).toBeGreaterThan(0);
});

test('the order of Services changes no outcome', () => {
  fc.assert(
    fc.property(services, fc.array(aFlow, { minLength: 1, maxLength: 6 }), (list, flows) => {
      const options = { nodes: NODES, podsPerNode: PODS };
      const one = serviceNetwork({ ...options, services: list });
      const other = serviceNetwork({ ...options, services: list.toReversed() });
      for (const flow of flows) expect(outcome(traced(other, flow))).toEqual(outcome(traced(one, flow)));
    }),
    { numRuns: 150 },
  );
});

test('a node does with a packet what the text of its iptables-save says', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(services, aFlow, (list, flow) => {
      const network = serviceNetwork({ nodes: NODES, podsPerNode: PODS, services: list });
      const result = traced(network, flow);
      const hop = result.hops.find((each) => each.place.startsWith('node/'));
      const node = network.hosts.get(hop?.place ?? '');
      const first = hop?.steps[0]?.before;
      if (hop === undefined || node === undefined || first === undefined) return;
      const said = read(node, first, flow.from === node.id ? 'sent' : 'received');
      const did = deed(hop.steps, result);
      met.add(did.split(' ')[0] ?? '');
      expect(said, `${did}\n${describeTrace(result).join('\n')}\n${saved(node)}`).toContain(did);
    }),
    { numRuns: 600 },
  );
  expect([...met].sort()).toEqual(['drop', 'marked', 'passed', 'reject', 'translated']);
});

function saved({ iptables }: Host): string {
  if (iptables === undefined) throw new Error('no tables');
  return saveTable('filter', iptables.filter) + saveTable('nat', iptables.nat);
}

/** Returns everything that the printed rules may do with a new packet, as `deed` says it. */
function read(node: Host, header: Header, how: 'sent' | 'received'): readonly string[] {
  const text = saved(node);
  const local = (at: string): boolean => isLocal(indexHost(node), address(at));
  const packet: SlowPacket = {
    protocol: header.protocol,
    source: formatAddress(header.source.address),
    destination: formatAddress(header.destination.address),
    destinationPort: header.destination.port ?? 0,
    state: 'NEW',
    mark: 0,
  };
  const nat = readTable(text, 'nat');
  const filter = readTable(text, 'filter');
  return possible(nat, how === 'sent' ? 'OUTPUT' : 'PREROUTING', packet, local).map((early) => {
    const [destination = '', port = '0'] = early.kind === 'dnat' ? early.to.split(':') : [];
    const mark = 'mark' in early ? early.mark : 0;
    const routed: SlowPacket =
      early.kind === 'dnat'
        ? { ...packet, destination, destinationPort: Number(port), mark }
        : { ...packet, mark };
    const here = local(routed.destination);
    // What a node sends to itself goes out and comes in.
    const hooks = how === 'sent' ? (here ? ['OUTPUT', 'INPUT'] : ['OUTPUT']) : [here ? 'INPUT' : 'FORWARD'];
    const stopped = hooks
      .flatMap((hook) => possible(filter, hook, routed, local))
      .find(({ kind }) => kind === 'drop' || kind === 'reject');
    if (stopped !== undefined) return stopped.kind;
    return early.kind === 'dnat' ? `${mark === 0 ? 'translated' : 'marked'} ${early.to}` : 'passed';
  });
}

/** What a node did with a packet, in a word. */
function deed(steps: readonly Step[], { disposition }: Trace): string {
  const filter = steps.find((step) => step.kind === 'filter');
  if (filter !== undefined) return disposition === 'refused' ? 'reject' : 'drop';
  const translated = steps.find(
    (step) => step.kind === 'translate' && step.before.destination !== step.after.destination,
  );
  if (translated === undefined) return 'passed';
  const { address: to, port } = translated.after.destination;
  const marked = steps.some((step) => step.by.startsWith('KUBE-POSTROUTING: MASQUERADE'));
  return `${marked ? 'marked' : 'translated'} ${formatAddress(to)}:${port ?? 0}`;
}
