/**
 * Random histories of Services of type LoadBalancer: whatever was made, changed and deleted, Azure has
 * exactly what the Services of the moment ask for, and the order in which they came changes no name.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconcile } from '../../src/model/aks/reconcile.ts';
import { armKey, listResources } from '../../src/model/azure/resource-store.ts';
import type { LoadBalancer } from '../../src/model/azure/resources.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { kubernetesOf } from '../../src/model/kubernetes/cluster-state.ts';
import type { Service } from '../../src/model/kubernetes/objects.ts';
import {
  balancerNamed,
  clusterOf,
  externalIp,
  INTERNAL,
  managedAddresses,
  nodeRules,
  withoutService,
  withService,
} from '../support/balanced-cluster.ts';
import type { ServiceDraft } from '../support/balanced-cluster.ts';
import { cloudWithCluster } from '../support/kubenet-cluster.ts';

const BARE = reconcile(cloudWithCluster({ networkPlugin: 'azure', networkPluginMode: 'overlay' }));
const NAMES = ['a', 'b', 'c'] as const;

const annotations = fc
  .record({
    inside: fc.boolean(),
    direct: fc.boolean(),
    subnet: fc.constantFrom(null, 'aks-subnet', 'nowhere'),
    ranges: fc.constantFrom(null, '203.0.113.0/24', '203.0.113.0/24,198.51.100.0/24', 'nonsense'),
    closed: fc.boolean(),
    address: fc.constantFrom(null, null, '10.224.0.50', '10.9.9.9'),
  })
  .map(({ inside, direct, subnet, ranges, closed, address }): Readonly<Record<string, string>> => ({
    ...(inside ? INTERNAL : {}),
    ...(direct ? { 'azure-disable-load-balancer-floating-ip': 'true' } : {}),
    ...(subnet === null ? {} : { 'azure-load-balancer-internal-subnet': subnet }),
    ...(ranges === null ? {} : { 'azure-allowed-ip-ranges': ranges }),
    ...(closed ? { 'azure-deny-all-except-load-balancer-source-ranges': 'true' } : {}),
    ...(address === null || !inside ? {} : { 'azure-load-balancer-ipv4': address }),
  }));

const spec = fc
  .record({
    type: fc.constantFrom('LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'ClusterIP'),
    ports: fc.uniqueArray(fc.constantFrom(80, 81, 443), { minLength: 1, maxLength: 3 }),
    udp: fc.boolean(),
    externalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
  } as const)
  .map(({ type, ports, udp, externalTrafficPolicy }): NonNullable<ServiceDraft['spec']> => ({
    type,
    ports: [
      ...ports.map((port) => ({ name: `t${port}`, port, protocol: 'TCP' as const })),
      ...(udp ? [{ name: 'u53', port: 53, protocol: 'UDP' as const }] : []),
    ],
    ...(type === 'LoadBalancer' ? { externalTrafficPolicy } : {}),
  }));

const draft = fc.record({ name: fc.constantFrom(...NAMES), annotations, spec });
const event = fc.oneof({ arbitrary: draft, weight: 3 }, { arbitrary: fc.constantFrom(...NAMES), weight: 1 });

function after(cloud: Cloud, each: ServiceDraft | string): Cloud {
  if (typeof each !== 'string') return withService(cloud, each);
  const { services } = kubernetesOf(cloud, armKey(clusterOf(cloud).id));
  return services[`default/${each}`] === undefined ? cloud : withoutService(cloud, each);
}

function balancers(cloud: Cloud): readonly LoadBalancer[] {
  return ['kubernetes', 'kubernetes-internal'].flatMap((name) => balancerNamed(cloud, name) ?? []);
}

function baseOf({ metadata }: Service): string {
  return `a${metadata.uid.replaceAll('-', '')}`.slice(0, 32);
}

/** Everything in Azure that no Service of the moment accounts for. */
function orphans(cloud: Cloud): readonly string[] {
  const { services } = kubernetesOf(cloud, armKey(clusterOf(cloud).id));
  const wanting = Object.values(services).filter(({ spec: { type } }) => type === 'LoadBalancer');
  const bases = new Set(wanting.map(baseOf));
  const outbound = new Set(
    (balancerNamed(cloud, 'kubernetes')?.outboundRules ?? []).flatMap((rule) =>
      rule.frontendIPConfigurations.map(({ id }) => id),
    ),
  );
  const addresses = new Set([
    ...wanting.flatMap(({ status }) => (status.loadBalancer.ingress ?? []).map(({ ip }) => ip)),
    ...['10.224.0.4', '10.224.0.5'],
  ]);
  const unowned = (name: string): boolean => !bases.has(name.slice(0, 32));
  const parts = balancers(cloud).flatMap((balancer) => [
    ...balancer.frontendIPConfigurations.filter(({ id, name }) => !outbound.has(id) && unowned(name)),
    ...balancer.loadBalancingRules.filter(({ name }) => unowned(name)),
    ...balancer.probes.filter(({ name }) => unowned(name)),
  ]);
  const rules = nodeRules(cloud).filter(({ destinationAddressPrefix, destinationAddressPrefixes }) =>
    [
      ...(destinationAddressPrefix === null ? [] : [destinationAddressPrefix]),
      ...destinationAddressPrefixes,
    ].some((each) => !addresses.has(each)),
  );
  const free = managedAddresses(cloud).filter(
    ({ name, ipConfiguration }) => ipConfiguration === null || unowned(name.replace('kubernetes-', '')),
  );
  return [...parts, ...rules, ...free].map(({ id }) => id);
}

/** Names and settings of everything, without addresses and ids of objects, in no order. */
function shapes(cloud: Cloud): unknown {
  const { services } = kubernetesOf(cloud, armKey(clusterOf(cloud).id));
  let text = JSON.stringify({
    balancers: balancers(cloud).map(({ name, loadBalancingRules, probes }) => ({
      name,
      rules: loadBalancingRules.map(({ id: _id, ...rule }) => JSON.stringify(rule)).sort(),
      probes: probes.map(({ id: _id, ...probe }) => JSON.stringify(probe)).sort(),
    })),
    rules: nodeRules(cloud)
      .map(({ name, access, protocol, sourceAddressPrefix, destinationPortRanges: ports }) =>
        JSON.stringify({
          // A name is a sum over its ports, and node ports are drawn.
          name: ports.some((port) => Number(port) >= 30_000) ? 'node ports' : name,
          access,
          protocol,
          sourceAddressPrefix,
          ports: ports.length,
        }),
      )
      .sort(),
    addresses: managedAddresses(cloud)
      .map(({ name }) => name)
      .sort(),
    outcomes: NAMES.map((name) =>
      services[`default/${name}`] === undefined ? null : externalIp(cloud, name) === '<pending>',
    ),
  });
  for (const service of Object.values(services)) {
    text = text.replaceAll(baseOf(service), service.metadata.name);
    for (const { nodePort, name } of service.spec.ports) {
      if (nodePort !== undefined)
        text = text.replaceAll(nodePort.toString(), `${service.metadata.name}-${name ?? ''}`);
    }
    const { healthCheckNodePort } = service.spec;
    if (healthCheckNodePort !== undefined) text = text.replaceAll(healthCheckNodePort.toString(), 'health');
  }
  return JSON.parse(text);
}

test('nothing in Azure outlives what asks for it, and a second round has nothing to do', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
      let cloud = BARE;
      for (const each of events) {
        cloud = after(cloud, each);
        expect(orphans(cloud)).toEqual([]);
        expect(reconcile(cloud)).toBe(cloud);
        // A copy has no memory of what was settled.
        const copy = JSON.parse(JSON.stringify(cloud)) as Cloud;
        expect(reconcile(copy)).toEqual(copy);
      }
      for (const name of NAMES) cloud = after(cloud, name);
      const count = (
        type: 'Microsoft.Network/publicIPAddresses' | 'Microsoft.Network/loadBalancers',
      ): number => listResources(cloud, type).length;
      expect([
        count('Microsoft.Network/publicIPAddresses'),
        count('Microsoft.Network/loadBalancers'),
      ]).toEqual([1, 1]);
      expect(nodeRules(cloud)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('the order in which Services come changes no name and no outcome', () => {
  const set = fc.uniqueArray(
    draft.filter((each) => each.annotations['azure-load-balancer-ipv4'] === undefined),
    { selector: ({ name }) => name, minLength: 2, maxLength: 3 },
  );
  fc.assert(
    fc.property(set, (drafts) => {
      const forward = drafts.reduce((cloud, each) => withService(cloud, each), BARE);
      const backward = [...drafts].reverse().reduce((cloud, each) => withService(cloud, each), BARE);
      expect(sorted(shapes(backward))).toEqual(sorted(shapes(forward)));
    }),
    { numRuns: 60 },
  );
});

/** Names of Services stand for their ids now, so lists are to be sorted again. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]));
}
