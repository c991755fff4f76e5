/**
 * Random histories of peerings against a twin that knows one sentence per event, and the packets that
 * follow: a VM reaches the VMs of its own VNet's peers and of nobody else.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createResourceGroup } from '../../src/model/azure/resource-group.ts';
import { findResource, resourceId } from '../../src/model/azure/resource-store.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import {
  createPeering,
  deletePeering,
  syncPeering,
  updatePeering,
} from '../../src/model/azure/virtual-network-peering.ts';
import { createVirtualNetwork } from '../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { unwrap } from '../../src/model/result.ts';
import { addMachine } from '../unit/model/compile/kubenet-cloud.ts';

const NAMES = ['a', 'b', 'c', 'd'] as const;
type Name = (typeof NAMES)[number];

const vnetType = 'Microsoft.Network/virtualNetworks';
const idOf = (cloud: Cloud, name: string): string => resourceId(cloud, 'rg', vnetType, name);

/** Four VNets with a VM each. */
const START = ((): Cloud => {
  let cloud = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  NAMES.forEach((name, at) => {
    cloud = unwrap(
      createVirtualNetwork(cloud, {
        resourceGroup: 'rg',
        name,
        addressPrefixes: [`10.${at}.0.0/16`],
        subnets: [{ name: 'default', addressPrefix: `10.${at}.0.0/24` }],
      }),
    );
    cloud = addMachine(cloud, `vm-${name}`, `${idOf(cloud, name)}/subnets/default`, `10.${at}.0.4`);
  });
  return cloud;
})();

interface Event {
  readonly does: 'create' | 'delete' | 'update' | 'sync';
  readonly from: Name;
  readonly to: Name;
}

const event: fc.Arbitrary<Event> = fc
  .record({
    does: fc.constantFrom('create', 'create', 'create', 'delete', 'update', 'sync'),
    from: fc.constantFrom(...NAMES),
    to: fc.constantFrom(...NAMES),
  } as const)
  .filter(({ from, to }) => from !== to);

type State = 'Initiated' | 'Connected' | 'Disconnected';
type Twin = ReadonlyMap<string, State>;

/** What becomes of the links; null where Azure refuses the event. */
function twinAfter(links: Twin, { does, from, to }: Event): Twin | null {
  const next = new Map(links);
  const [own, back] = [`${from}>${to}`, `${to}>${from}`];
  const state = next.get(own);
  if (does === 'delete') {
    next.delete(own);
    if (next.get(back) === 'Connected') next.set(back, 'Disconnected');
    return next;
  }
  if (does !== 'create' && state === undefined) return null;
  if (next.get(back) === 'Disconnected') return null;
  if (state === 'Connected') return next;
  next.set(own, 'Initiated');
  if (next.has(back)) {
    next.set(own, 'Connected');
    next.set(back, 'Connected');
  }
  return next;
}

function apply(cloud: Cloud, { does, from, to }: Event) {
  const name = { resourceGroup: 'rg', virtualNetwork: from, name: `${from}-${to}` };
  switch (does) {
    case 'create':
      return createPeering(cloud, name, idOf(cloud, to), {
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: false,
        allowGatewayTransit: false,
        useRemoteGateways: false,
      });
    case 'delete':
      return deletePeering(cloud, name);
    case 'update':
      return updatePeering(cloud, name, { allowForwardedTraffic: true });
    case 'sync':
      return syncPeering(cloud, name);
  }
}

function linksOf(cloud: Cloud): [string, string][] {
  return NAMES.flatMap((from) =>
    (findResource(cloud, vnetType, 'rg', from)?.virtualNetworkPeerings ?? []).map(
      ({ name, peeringState }): [string, string] => [name.replace('-', '>'), peeringState],
    ),
  ).sort();
}

test('links are in the states that their history implies, and packets follow the connected ones', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 25 }), (events) => {
      let cloud = START;
      let twin: Twin = new Map();
      for (const each of events) {
        const expected = twinAfter(twin, each);
        const result = apply(cloud, each);
        expect(result.ok, JSON.stringify(each)).toBe(expected !== null);
        if (!result.ok || expected === null) continue;
        cloud = result.value;
        twin = expected;
        expect(linksOf(cloud)).toEqual([...twin].sort());
      }
      for (const from of NAMES) {
        for (const to of NAMES) {
          if (from === to) continue;
          const { disposition } = unwrap(ask(cloud, { from: `vm/vm-${from}`, to: `vm/vm-${to}` })).trace;
          expect([from, to, disposition]).toEqual([
            from,
            to,
            twin.get(`${from}>${to}`) === 'Connected' ? 'delivered' : 'dropped-by-route',
          ]);
        }
      }
    }),
    { numRuns: 150 },
  );
});
