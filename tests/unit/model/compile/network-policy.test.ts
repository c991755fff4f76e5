import { describe, expect, test } from 'vitest';
import { admitNetworkPolicySpec } from '../../../../src/model/kubernetes/network-policy-admission.ts';
import { parseIpBlock } from '../../../../src/model/kubernetes/ip-block.ts';
import type { NetworkPolicyManifest } from '../../../../src/model/kubernetes/manifest.ts';
import type { Protocol } from '../../../../src/model/network/network.ts';
import { describeTrace } from '../../../../src/model/trace/text.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { trace } from '../../../../src/model/trace/walk.ts';
import { flow } from '../../../support/network-drafts.ts';
import {
  OUTSIDE,
  nodeAddress,
  podAddress,
  policedNetwork,
  policy,
} from '../../../support/policed-network.ts';
import type { ClusterSketch } from '../../../support/policed-network.ts';
import { lastStep, mustEnd, places, stepsAt } from '../../../support/trace-expectations.ts';

type Engine = ClusterSketch['engine'];
type Spec = NetworkPolicyManifest['spec'];

const ENGINES: readonly Exclude<Engine, 'none'>[] = ['azure', 'calico', 'cilium'];
const NAMES = { azure: 'Azure NPM', calico: 'Calico', cilium: 'Cilium' } as const;

/** web and client on node 0, far on node 1, all in default; agent of the host network on node 1; api in shop on node 1. */
const PODS: ClusterSketch['pods'] = [
  {
    namespace: 'default',
    name: 'web',
    node: 0,
    labels: { app: 'web' },
    ports: [{ name: 'http', protocol: 'TCP', number: 80 }],
  },
  { namespace: 'default', name: 'client', node: 0, labels: { app: 'client' } },
  { namespace: 'default', name: 'far', node: 1, labels: { app: 'client' } },
  { namespace: 'default', name: 'agent', node: 1, labels: { app: 'client' }, hostNetwork: true },
  {
    namespace: 'shop',
    name: 'api',
    node: 1,
    labels: { app: 'api' },
    ports: [{ name: 'http', protocol: 'TCP', number: 8080 }],
  },
];
const [WEB, CLIENT, FAR, , API] = PODS.map((_, at) => podAddress(at));

function ask(
  engine: Engine,
  specs: Readonly<Record<string, Spec>>,
  from: string,
  to: string | undefined,
  [protocol, port]: readonly [Protocol, number] = ['tcp', 80],
  changes: Partial<ClusterSketch> = {},
): Trace {
  const { network } = policedNetwork({
    engine,
    nodes: 2,
    namespaces: { default: { 'kubernetes.io/metadata.name': 'default' }, shop: { team: 'shop' } },
    pods: PODS,
    policies: Object.entries(specs).map(([name, spec]) =>
      policy(name, 'default', admitNetworkPolicySpec(spec)),
    ),
    ports: [22, 53, 80, 8080, 8090],
    ...changes,
  });
  return trace(network, flow(from, to ?? '', protocol, port));
}

const isolated = (direction: 'Ingress' | 'Egress', app?: string): Spec => ({
  podSelector: app === undefined ? {} : { matchLabels: { app } },
  policyTypes: [direction],
});

describe.each(ENGINES)('with %s', (engine) => {
  const words = (name: string): string => `NetworkPolicy default/${name} (${NAMES[engine]})`;

  test('a pod that no policy selects is open, and one of the other direction does not close it', () => {
    mustEnd(ask(engine, {}, 'pod/default/client', WEB), 'delivered');
    mustEnd(ask(engine, { x: isolated('Egress', 'web') }, 'pod/default/client', WEB), 'delivered');
    mustEnd(ask(engine, { x: isolated('Ingress', 'client') }, 'pod/default/client', WEB), 'delivered');
  });

  test('an isolated receiver gets nothing, and the policy is named', () => {
    for (const from of ['pod/default/client', 'pod/default/far', 'pod/shop/api', 'host/outside']) {
      const found = ask(engine, { deny: isolated('Ingress', 'web') }, from, WEB);
      mustEnd(found, 'denied-inbound');
      expect(lastStep(found).by).toBe(words('deny'));
      expect(found.reason).toBe(
        `${words('deny')} drops the packet: the receiving pod is isolated for ingress, and no policy allows this`,
      );
    }
  });

  test('an isolated sender sends nothing to others, and the policy is named', () => {
    for (const to of [CLIENT, FAR, API, OUTSIDE]) {
      const found = ask(engine, { deny: isolated('Egress', 'web') }, 'pod/default/web', to);
      mustEnd(found, 'denied-outbound');
      expect(lastStep(found).by).toBe(words('deny'));
    }
  });

  test('the reply to what was allowed passes an isolation of the other direction', () => {
    const both: Spec = {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
    };
    mustEnd(ask(engine, { both }, 'pod/default/far', WEB), 'delivered');
    mustEnd(ask(engine, { both }, 'pod/default/web', FAR), 'denied-outbound');
  });

  test('several policies add up, and a drop names all that isolate', () => {
    const specs = {
      deny: isolated('Ingress'),
      web: {
        podSelector: { matchLabels: { app: 'web' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
      },
    };
    const passed = ask(engine, specs, 'pod/default/client', WEB);
    mustEnd(passed, 'delivered');
    const [filter] = stepsAt(passed, 'node/0', 'filter');
    expect(filter?.by).toBe(`NetworkPolicy default/web spec.ingress[0] (${NAMES[engine]})`);
    const dropped = ask(engine, specs, 'pod/shop/api', WEB);
    mustEnd(dropped, 'denied-inbound');
    expect(lastStep(dropped).by).toBe(
      `NetworkPolicy default/deny and NetworkPolicy default/web (${NAMES[engine]})`,
    );
  });

  test.each([
    ['a podSelector is for the namespace of the policy', { podSelector: {} }, 'denied-inbound'],
    ['a namespaceSelector is for all its pods', { namespaceSelector: {} }, 'delivered'],
    [
      'both together: pods of the namespace that also match',
      { namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: { matchLabels: { app: 'api' } } },
      'delivered',
    ],
    [
      'both together: not pods of the namespace that do not match',
      { namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: { matchLabels: { app: 'x' } } },
      'denied-inbound',
    ],
    [
      'both together: not matching pods of other namespaces',
      {
        namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' as const }] },
        podSelector: { matchLabels: { app: 'api' } },
      },
      'denied-inbound',
    ],
  ] as const)('%s', (_what, peer, disposition) => {
    const spec: Spec = { podSelector: {}, ingress: [{ from: [peer] }] };
    mustEnd(ask(engine, { spec }, 'pod/shop/api', WEB), disposition);
  });

  test('selectors are for pods, so the world stays outside', () => {
    const spec: Spec = { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] };
    mustEnd(ask(engine, { spec }, 'host/outside', WEB), 'denied-inbound');
    mustEnd(ask(engine, { spec: { podSelector: {}, ingress: [{}] } }, 'host/outside', WEB), 'delivered');
  });

  test.each([
    ['a number', [{ port: 80 }], ['tcp', 80], 'delivered'],
    ['another number', [{ port: 8080 }], ['tcp', 80], 'denied-inbound'],
    ['a number is TCP unless it says otherwise', [{ port: 53 }], ['udp', 53], 'denied-inbound'],
    ['a number of UDP', [{ port: 53, protocol: 'UDP' }], ['udp', 53], 'delivered'],
    ['every port of a protocol', [{ protocol: 'UDP' }], ['udp', 53], 'delivered'],
    ['SCTP only', [{ protocol: 'SCTP' }], ['tcp', 80], 'denied-inbound'],
    ['a name', [{ port: 'http' }], ['tcp', 80], 'delivered'],
    ['a name that is another number at this pod', [{ port: 'http' }], ['tcp', 8080], 'denied-inbound'],
    ['a name of another protocol', [{ port: 'http', protocol: 'UDP' }], ['udp', 80], 'denied-inbound'],
    ['a name that nobody has', [{ port: 'nope' }], ['tcp', 80], 'denied-inbound'],
    ['the last of a range', [{ port: 79, endPort: 80 }], ['tcp', 80], 'delivered'],
    ['beyond a range', [{ port: 8081, endPort: 8090 }], ['tcp', 8080], 'denied-inbound'],
    ['ping, where ports are named', [{ port: 80 }], ['icmp', 0], 'denied-inbound'],
    ['ping, where none are', [], ['icmp', 0], 'delivered'],
  ] as const)('ports: %s', (_what, ports, packet, disposition) => {
    const spec: Spec = { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ ports }] };
    mustEnd(ask(engine, { spec }, 'pod/default/far', WEB, packet), disposition);
  });

  test('a name towards others is what each of them calls so', () => {
    const spec: Spec = {
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 'http' }] }],
    };
    mustEnd(ask(engine, { spec }, 'pod/default/client', WEB, ['tcp', 80]), 'delivered');
    mustEnd(ask(engine, { spec }, 'pod/default/client', API, ['tcp', 8080]), 'delivered');
    mustEnd(ask(engine, { spec }, 'pod/default/client', API, ['tcp', 80]), 'denied-outbound');
    mustEnd(ask(engine, { spec }, 'pod/default/client', OUTSIDE, ['tcp', 80]), 'denied-outbound');
  });

  test('a block is a range without its exceptions, host bits or not', () => {
    const spec: Spec = {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.99/24', except: ['192.0.2.128/25'] } }] }],
    };
    mustEnd(ask(engine, { spec }, 'host/outside', WEB), 'delivered');
    const without: Spec = {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.0/29'] } }] }],
    };
    mustEnd(ask(engine, { without }, 'host/outside', WEB), 'denied-inbound');
  });

  test('the node reaches its own pods, whatever policies say; another node does not', () => {
    const specs = { deny: isolated('Ingress') };
    mustEnd(ask(engine, specs, 'node/0', WEB), 'delivered');
    const other = ask(engine, specs, 'node/1', WEB);
    mustEnd(other, 'denied-inbound');
    expect(places(other).at(-1)).toBe('node/0');
  });

  test('a pod of the host network is not policed and is nobody’s peer', () => {
    mustEnd(
      ask(engine, { deny: isolated('Ingress') }, 'pod/default/web', nodeAddress(1), ['tcp', 22]),
      'delivered',
    );
    const spec: Spec = {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
    };
    mustEnd(ask(engine, { spec }, 'pod/default/far', WEB), 'delivered');
    mustEnd(ask(engine, { spec }, 'node/1', WEB), 'denied-inbound');
  });
});

describe('what the engines do each in their own way', () => {
  const blocks: Spec = {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
  };

  test.each([
    ['azure', 'delivered'],
    ['calico', 'delivered'],
    ['cilium', 'denied-outbound'],
  ] as const)('%s: a block around pods and nodes: %s', (engine, disposition) => {
    mustEnd(ask(engine, { blocks }, 'pod/default/web', FAR), disposition);
    mustEnd(ask(engine, { blocks }, 'pod/default/web', nodeAddress(1), ['tcp', 22]), disposition);
    mustEnd(ask(engine, { blocks }, 'pod/default/web', OUTSIDE), 'delivered');
  });

  test('Cilium says why the block did not help', () => {
    const [last] = ask('cilium', { blocks }, 'pod/default/web', FAR)
      .hops.flatMap((hop) => hop.steps)
      .filter((step) => step.kind === 'filter');
    expect(last?.lost).toEqual([
      {
        candidate:
          'NetworkPolicy default/blocks spec.egress[0] (Cilium, for which no ipBlock holds pods or nodes)',
        why: 'it is for other destinations',
      },
    ]);
  });

  test.each([
    ['azure', 'delivered'],
    ['calico', 'denied-outbound'],
    ['cilium', 'denied-outbound'],
  ] as const)('%s: from a pod isolated for egress to its own node: %s', (engine, disposition) => {
    const specs = { deny: isolated('Egress', 'web') };
    mustEnd(ask(engine, specs, 'pod/default/web', nodeAddress(0), ['tcp', 22]), disposition);
    // On the way to another node every engine is asked.
    mustEnd(ask(engine, specs, 'pod/default/web', nodeAddress(1), ['tcp', 22]), 'denied-outbound');
  });

  test.each([
    ['azure', 'node/1'],
    ['calico', 'node/0'],
    ['cilium', 'node/0'],
  ] as const)('%s: what the receiver refuses is dropped at %s', (engine, place) => {
    const found = ask(engine, { deny: isolated('Ingress', 'web') }, 'pod/default/far', WEB);
    mustEnd(found, 'denied-inbound');
    expect(places(found).at(-1), describeTrace(found).join('\n')).toBe(place);
  });

  test.each([
    ['azure', 'denied-inbound'],
    ['calico', 'denied-outbound'],
    ['cilium', 'denied-outbound'],
  ] as const)('%s: where both sides refuse: %s', (engine, disposition) => {
    const specs = { in: isolated('Ingress'), out: isolated('Egress') };
    mustEnd(ask(engine, specs, 'pod/default/far', WEB), disposition);
  });
});

describe('what is not known is undetermined', () => {
  const open: Spec = { podSelector: {}, ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] };

  test('ranges of ports with a Cilium older than is documented', () => {
    const old = { kubernetesVersion: '1.30.9' };
    const ranged = ask('cilium', { open }, 'pod/default/client', WEB, ['tcp', 8090], old);
    mustEnd(ranged, 'undetermined');
    expect(ranged.reason).toContain('obeys endPort is not known');
    mustEnd(ask('cilium', { open }, 'pod/default/client', WEB, ['tcp', 80], old), 'denied-inbound');
    mustEnd(ask('calico', { open }, 'pod/default/client', WEB, ['tcp', 8090], old), 'delivered');
    mustEnd(ask('cilium', { open }, 'pod/default/client', WEB, ['tcp', 8090]), 'delivered');
  });

  test('Azure NPM with more nodes than it serves', () => {
    const many = { nodes: 251 };
    const specs = { deny: isolated('Ingress', 'web') };
    mustEnd(ask('azure', specs, 'pod/default/client', WEB, ['tcp', 80], many), 'undetermined');
    mustEnd(ask('azure', specs, 'pod/default/client', FAR, ['tcp', 80], many), 'delivered');
    mustEnd(ask('calico', specs, 'pod/default/client', WEB, ['tcp', 80], many), 'denied-inbound');
    mustEnd(ask('azure', specs, 'pod/default/client', WEB, ['tcp', 80], { nodes: 250 }), 'denied-inbound');
  });

  test('Azure NPM and a policy with an IPv6 block: only what it alone decides', () => {
    const six: Spec = {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          from: [{ ipBlock: { cidr: '2001:db8::/64' } }, { podSelector: { matchLabels: { app: 'client' } } }],
        },
      ],
    };
    mustEnd(ask('azure', { six }, 'pod/default/client', WEB), 'undetermined');
    mustEnd(ask('azure', { six }, 'pod/shop/api', WEB), 'undetermined');
    const closed = { deny: isolated('Ingress'), six };
    mustEnd(ask('azure', closed, 'pod/shop/api', WEB), 'denied-inbound');
    mustEnd(ask('azure', closed, 'pod/default/client', WEB), 'undetermined');
    mustEnd(ask('calico', { six }, 'pod/default/client', WEB), 'delivered');
  });
});

test('without an engine policies are kept and do nothing, and the diagnostics say so', () => {
  const sketch: ClusterSketch = {
    engine: 'none',
    nodes: 1,
    namespaces: { default: {} },
    pods: PODS.slice(0, 2),
    policies: [policy('deny', 'default', admitNetworkPolicySpec(isolated('Ingress')))],
    ports: [80],
  };
  const { network, said } = policedNetwork(sketch);
  mustEnd(trace(network, flow('pod/default/client', podAddress(0))), 'delivered');
  expect(said).toEqual([
    'NetworkPolicy default/deny is stored and does nothing: cluster aks has no network policy engine (networkPolicy none), so nothing enforces it',
  ]);
});

test.each([
  ['10.0.0.0/8', 'ipv4', 8],
  ['10.1.2.3/8', 'ipv4', 8],
  ['010.000.000.000/8', 'ipv4', 8],
  ['::/0', 'ipv6', 0],
  ['2001:db8::1/64', 'ipv6', 64],
  ['::ffff:10.0.0.0/104', 'ipv6', 104],
  ['1:2:3:4:5:6:7:8/128', 'ipv6', 128],
])('%s is a range', (text, family, length) => {
  expect(parseIpBlock(text)).toMatchObject({ family, length });
});

test.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.256/8',
  '10.0.0.0/-1',
  '10.0.0.0/8 ',
  'x/8',
  ':::/8',
  '1:2:3:4:5:6:7/8',
  '1:2:3:4:5:6:7:8::/8',
  '1::2::3/8',
  '12345::/16',
  '2001:db8::/129',
  '',
])('%s is no range', (text) => {
  expect(parseIpBlock(text)).toBeNull();
});
