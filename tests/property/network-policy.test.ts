/** NetworkPolicies on the packet's way against the sentences of the Kubernetes documentation. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetworkPolicy } from '../../src/model/kubernetes/objects.ts';
import { admitNetworkPolicySpec } from '../../src/model/kubernetes/network-policy-admission.ts';
import { networkPolicyProblems } from '../../src/model/kubernetes/network-policy-validation.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import { trace } from '../../src/model/trace/walk.ts';
import { slowVerdict } from '../support/golden/slow-network-policy.ts';
import type { SlowPacket, SlowWorld } from '../support/golden/slow-network-policy.ts';
import { flow } from '../support/network-drafts.ts';
import {
  OUTSIDE,
  nodeAddress,
  podAddress,
  podHost,
  policedNetwork,
  policy,
} from '../support/policed-network.ts';
import type { ClusterSketch, PodSketch } from '../support/policed-network.ts';

const NAMESPACES = ['default', 'shop', 'ops'];
const PORTS = [80, 81, 82, 443];
const NAMES = ['http', 'dns'];

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b', ''), { maxKeys: 2 });

const requirement = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'tier', 'none'),
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(fc.constantFrom('a', 'b', ''), { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom('app', 'tier', 'none'),
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
  }),
);

const selector = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.record({ matchLabels: labels }) },
  { weight: 2, arbitrary: fc.record({ matchExpressions: fc.array(requirement, { maxLength: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      matchLabels: labels,
      matchExpressions: fc.array(requirement, { minLength: 1, maxLength: 2 }),
    }),
  },
);

/** Ranges around pods, nodes and the outside host; host bits and leading places vary. */
const ipBlock = fc
  .tuple(
    fc.constantFrom(podAddress(0), podAddress(3), nodeAddress(0), OUTSIDE, '0.0.0.0'),
    fc.constantFrom(0, 8, 16, 24, 28, 30, 31, 32),
    fc.array(
      fc.tuple(
        fc.constantFrom(podAddress(0), podAddress(2), nodeAddress(1), OUTSIDE),
        fc.integer({ min: 9, max: 32 }),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([start, length, excepted]) => {
    const cidr = `${start}/${length}`;
    const except = excepted
      .map(([at, size]) => `${at}/${size}`)
      .filter(
        (each) =>
          networkPolicyProblems({
            podSelector: {},
            ingress: [{ from: [{ ipBlock: { cidr, except: [each] } }] }],
          }).length === 0,
      );
    return { cidr, ...(except.length === 0 ? {} : { except }) };
  });

const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock }),
);

const port = fc.oneof(
  fc.record({ port: fc.constantFrom(...PORTS) }),
  fc.record({
    port: fc.constantFrom(...PORTS),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const),
  }),
  fc.record({ protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const) }),
  fc
    .tuple(fc.constantFrom(...PORTS), fc.nat(3))
    .map(([first, more]) => ({ port: first, endPort: first + more })),
  fc.record({ port: fc.constantFrom(...NAMES), protocol: fc.constantFrom('TCP' as const, 'UDP' as const) }),
);

const few = <T>(each: fc.Arbitrary<T>) => fc.option(fc.array(each, { maxLength: 2 }), { nil: undefined });

const rule = fc.record({ peers: few(peer), ports: few(port) });

const spec: fc.Arbitrary<NetworkPolicy['spec']> = fc
  .record({
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress' as const, 'Egress' as const]),
    ingress: few(rule),
    egress: few(rule),
  })
  .map(({ podSelector, policyTypes, ingress = [], egress = [] }) => {
    const whole = {
      podSelector,
      policyTypes,
      ingress: ingress.map(({ peers, ports }) => ({
        ...(peers === undefined ? {} : { from: peers }),
        ...(ports === undefined ? {} : { ports }),
      })),
      egress: egress.map(({ peers, ports }) => ({
        ...(peers === undefined ? {} : { to: peers }),
        ...(ports === undefined ? {} : { ports }),
      })),
    };
    expect(networkPolicyProblems(whole)).toEqual([]);
    return admitNetworkPolicySpec(whole);
  });

const pod: fc.Arbitrary<Omit<PodSketch, 'name'>> = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  node: fc.nat(1),
  labels,
  ports: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
      number: fc.constantFrom(...PORTS),
    }),
    { maxLength: 2, selector: (each) => each.name },
  ),
});

const cluster: fc.Arbitrary<ClusterSketch> = fc
  .record({
    engine: fc.constantFrom('azure' as const, 'calico' as const, 'cilium' as const),
    namespaces: fc.tuple(labels, labels, labels),
    pods: fc.array(pod, { minLength: 2, maxLength: 5 }),
    policies: fc.array(fc.tuple(fc.constantFrom(...NAMESPACES), spec), { minLength: 1, maxLength: 4 }),
  })
  .map(({ engine, namespaces, pods, policies }) => ({
    engine,
    nodes: 2,
    namespaces: Object.fromEntries(
      NAMESPACES.map((name, at) => [name, { 'kubernetes.io/metadata.name': name, ...namespaces[at] }]),
    ),
    pods: pods.map((each, at) => ({ ...each, name: `p${at}` })),
    policies: policies.map(([namespace, each], at) => policy(`n${at}`, namespace, each)),
    ports: PORTS,
  }));

test('a packet between pods, or between a pod and the world, fares as the documentation says', () => {
  let delivered = 0;
  let denied = 0;
  fc.assert(
    fc.property(
      cluster,
      fc.array(
        fc.record({
          from: fc.nat(5),
          to: fc.nat(5),
          protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'ICMP' as const),
          port: fc.constantFrom(...PORTS),
        }),
        { minLength: 4, maxLength: 8 },
      ),
      (sketch, packets) => {
        const { network } = policedNetwork(sketch);
        const podAddresses = sketch.pods.map((_, at) => podAddress(at));
        const world: SlowWorld = {
          namespaces: sketch.namespaces,
          policies: sketch.policies,
          pods: sketch.pods.map((each, at) => ({
            namespace: each.namespace,
            labels: each.labels ?? {},
            address: podAddress(at),
            ports: each.ports ?? [],
          })),
          // "ipBlock cannot select pod or node IPs" with Cilium on AKS.
          outsideBlocks: sketch.engine === 'cilium' ? [...podAddresses, nodeAddress(0), nodeAddress(1)] : [],
        };
        for (const { from, to, protocol, port: number } of packets) {
          // One number beyond the pods stands for the host outside.
          const [here, there] = [from, to].map((each) => each % (sketch.pods.length + 1));
          if (here === undefined || there === undefined || here === there) continue;
          const sender = sketch.pods[here];
          const receiver = sketch.pods[there];
          const packet: SlowPacket = {
            from: sender === undefined ? OUTSIDE : podAddress(here),
            to: receiver === undefined ? OUTSIDE : podAddress(there),
            protocol,
            port: number,
          };
          const verdict = slowVerdict(world, packet);
          const found = trace(
            network,
            flow(
              sender === undefined ? 'host/outside' : podHost(sender),
              packet.to,
              protocol === 'TCP' ? 'tcp' : protocol === 'UDP' ? 'udp' : 'icmp',
              number,
            ),
          );
          const text = `${sketch.engine}\n${describeTrace(found).join('\n')}`;
          const allowed = verdict.Egress && verdict.Ingress;
          if (allowed) delivered++;
          else denied++;
          // Where both sides refuse, NPM asks for ingress first, the others meet the sender first.
          const egressSpeaks = !verdict.Egress && (verdict.Ingress || sketch.engine !== 'azure');
          expect(found.disposition, text).toBe(
            allowed ? 'delivered' : egressSpeaks ? 'denied-outbound' : 'denied-inbound',
          );
        }
      },
    ),
    { numRuns: 1500 },
  );
  console.log(`delivered ${delivered}, denied ${denied}`);
  expect(Math.min(delivered, denied)).toBeGreaterThan(500);
});

test('policies only ever add: whatever the others say, one that allows everything opens everything', () => {
  fc.assert(
    fc.property(cluster, fc.nat(4), fc.nat(4), (sketch, from, to) => {
      const sender = sketch.pods[from];
      const receiver = sketch.pods[to];
      if (sender === undefined || receiver === undefined || from === to) return;
      const open = NAMESPACES.map((namespace, at) =>
        policy(
          `open-${at}`,
          namespace,
          admitNetworkPolicySpec({ podSelector: {}, ingress: [{}], egress: [{}] }),
        ),
      );
      const { network } = policedNetwork({ ...sketch, policies: [...sketch.policies, ...open] });
      const found = trace(network, flow(podHost(sender), podAddress(to), 'tcp', 80));
      expect(found.disposition, describeTrace(found).join('\n')).toBe('delivered');
    }),
    { numRuns: 300 },
  );
});
