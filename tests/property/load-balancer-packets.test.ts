/**
 * Packets to random Services of type LoadBalancer, against the sentences of the Kubernetes tutorial on source
 * addresses and of AKS' table of probes: who passes a probe is said here again, in ten lines, without a packet.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { armKey, listResources, putResource } from '../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { kubernetesOf } from '../../src/model/kubernetes/cluster-state.ts';
import { unwrap } from '../../src/model/result.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { clusterOf, externalIp, INTERNAL, withService } from '../support/balanced-cluster.ts';
import type { ServiceDraft } from '../support/balanced-cluster.ts';
import { places, seenAddress } from '../support/trace-expectations.ts';
import { nodeNames, pluginWorld } from '../unit/model/compile/plugin-world.ts';
import type { Plugin } from '../unit/model/compile/plugin-world.ts';

/** Every pod is an nginx: port 80, and 404 for all but the first page. Which node each is on: */
const NODE_OF: Readonly<Record<string, number>> = { client: 0, neighbour: 0, far: 1 };
const CLIENTS = { internet: '203.0.113.80', 'vm/vm-data': '10.30.0.4', 'host/office': '10.1.2.3' } as const;

const sketch = fc.record({
  app: fc.constantFrom('client', 'neighbour', 'far', 'nobody'),
  policy: fc.constantFrom('Cluster' as const, 'Local' as const),
  place: fc.constantFrom('public' as const, 'internal' as const),
  floating: fc.boolean(),
  port: fc.constantFrom(80, 8080),
  targetPort: fc.constantFrom(80, 80, 81),
  probe: fc.constantFrom('tcp' as const, '/' as const, '/ready' as const),
  affinity: fc.constantFrom('None' as const, 'ClientIP' as const),
});
type Sketch = typeof sketch extends fc.Arbitrary<infer T> ? T : never;

const set = fc.array(sketch, { minLength: 1, maxLength: 4 });

function draft(each: Sketch, at: number): ServiceDraft {
  return {
    name: `s${at}`,
    annotations: {
      ...(each.place === 'internal' ? INTERNAL : {}),
      ...(each.floating ? {} : { 'azure-disable-load-balancer-floating-ip': 'true' }),
      ...(each.probe === 'tcp'
        ? {}
        : {
            'azure-load-balancer-health-probe-protocol': 'Http',
            'azure-load-balancer-health-probe-request-path': each.probe,
          }),
    },
    spec: {
      externalTrafficPolicy: each.policy,
      selector: { app: each.app },
      sessionAffinity: each.affinity,
      ports: [{ port: each.port, targetPort: each.targetPort, protocol: 'TCP' }],
    },
  };
}

/** Nodes whose probe succeeds, by their number. */
function healthyNodes({ app, policy, targetPort, probe }: Sketch): readonly number[] {
  const home = NODE_OF[app];
  if (home === undefined) return [];
  // kube-proxy's own health check knows endpoints, not what listens there.
  if (policy === 'Local') return [home];
  if (targetPort !== 80 || probe === '/ready') return [];
  return [0, 1];
}

const withAll = (cloud: Cloud, services: readonly Sketch[]): Cloud =>
  services.reduce((next, each, at) => withService(next, draft(each, at)), cloud);

function traced(cloud: Cloud, from: string, each: Sketch, at: number, sourcePort: number): Trace {
  return unwrap(ask(cloud, { from, to: externalIp(cloud, `s${at}`), port: each.port, sourcePort })).trace;
}

describe.each<Plugin>(['overlay', 'kubenet', 'node-subnet'])('%s', (plugin) => {
  test('no packet gets to a node whose probe fails, and Local keeps the client', async () => {
    const bare = await pluginWorld(plugin);
    const nodes = nodeNames(bare).map((name) => `node/${name}`);
    fc.assert(
      fc.property(set, fc.integer({ min: 40_000, max: 60_000 }), (services, sourcePort) => {
        const cloud = withAll(bare, services);
        for (const [at, each] of services.entries()) {
          for (const [from, address] of Object.entries(CLIENTS)) {
            if ((from === 'internet') !== (each.place === 'public')) continue;
            const trace = traced(cloud, from, each, at, sourcePort);
            const told = `${JSON.stringify(each)} from ${from}\n${describeTrace(trace).join('\n')}`;
            const healthy = healthyNodes(each).map((node) => nodes[node]);
            const way = places(trace);
            const balancer = way.findIndex((place) => place.startsWith('lb/'));
            const taker = way.slice(balancer + 1).find((place) => nodes.includes(place));
            expect(balancer, told).toBeGreaterThan(-1);
            expect(trace.disposition === 'next-hop-unreachable', told).toBe(healthy.length === 0);
            expect(taker === undefined ? healthy.length === 0 : healthy.includes(taker), told).toBe(true);
            if (healthy.length === 0) continue;
            expect(trace.disposition, told).toBe(each.targetPort === 80 ? 'delivered' : 'refused');
            expect(way.at(-1), told).toBe(`pod/default/${each.app}`);
            if (each.policy === 'Local') expect(seenAddress(trace), told).toBe(address);
            else expect(seenAddress(trace), told).not.toBe(address);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('the order of Services, rules, probes and frontends changes no outcome', async () => {
  const bare = await pluginWorld('overlay');
  fc.assert(
    fc.property(set, fc.array(fc.nat(), { minLength: 16, maxLength: 16 }), (services, keys) => {
      const cloud = withAll(bare, services);
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((value, at) => ({ value, key: keys[at % keys.length] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
      const key = armKey(clusterOf(cloud).id);
      const state = kubernetesOf(cloud, key);
      let other: Cloud = {
        ...cloud,
        kubernetes: {
          ...cloud.kubernetes,
          [key]: { ...state, services: Object.fromEntries(shuffled(Object.entries(state.services))) },
        },
      };
      for (const each of listResources(cloud, 'Microsoft.Network/loadBalancers')) {
        other = putResource(other, {
          ...each,
          loadBalancingRules: shuffled(each.loadBalancingRules),
          probes: shuffled(each.probes),
          frontendIPConfigurations: shuffled(each.frontendIPConfigurations),
        });
      }
      for (const [at, each] of services.entries()) {
        for (const from of ['internet', 'vm/vm-data', 'pod/client']) {
          const outcome = (where: Cloud): unknown => {
            const trace = traced(where, from, each, at, 41_000);
            return [trace.disposition, places(trace), seenAddress(trace)];
          };
          expect(outcome(other)).toEqual(outcome(cloud));
        }
      }
    }),
    { numRuns: 50 },
  );
});
