/**
 * Random histories of load balancers, public addresses and NICs of one's own: what Azure takes leaves no
 * reference that points at nothing, and what it refuses changes nothing.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AzureError } from '../../src/model/azure/error.ts';
import { createLoadBalancer, deleteLoadBalancer } from '../../src/model/azure/load-balancer.ts';
import { setBackendPools } from '../../src/model/azure/load-balancer-membership.ts';
import { deletePart, putFrontend, putPart } from '../../src/model/azure/load-balancer-parts.ts';
import { createNetworkInterface } from '../../src/model/azure/network-interface.ts';
import { createPublicIpAddress, deletePublicIpAddress } from '../../src/model/azure/public-ip-address.ts';
import { createResourceGroup } from '../../src/model/azure/resource-group.ts';
import {
  armKey,
  getResource,
  listResources,
  resourceId,
  sameId,
} from '../../src/model/azure/resource-store.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import { subnetAllocations } from '../../src/model/azure/subnet-addresses.ts';
import { createVirtualNetwork } from '../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { unwrap } from '../../src/model/result.ts';
import type { Result } from '../../src/model/result.ts';

const LB = 'Microsoft.Network/loadBalancers';
const PIP = 'Microsoft.Network/publicIPAddresses';
const NIC = 'Microsoft.Network/networkInterfaces';

const START = ((): Cloud => {
  let cloud = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  cloud = unwrap(
    createVirtualNetwork(cloud, {
      resourceGroup: 'rg',
      name: 'v',
      addressPrefixes: ['10.0.0.0/16'],
      subnets: [{ name: 's', addressPrefix: '10.0.0.0/28' }],
    }),
  );
  for (const name of ['p1', 'p2'])
    cloud = unwrap(createPublicIpAddress(cloud, { resourceGroup: 'rg', name }));
  for (const name of ['n1', 'n2']) {
    cloud = unwrap(
      createNetworkInterface(cloud, {
        resourceGroup: 'rg',
        name,
        ipConfiguration: { name: 'ipconfig1', subnetId: subnet(cloud) },
      }),
    );
  }
  for (const [name, on] of [
    ['a', 'p1'],
    ['b', 'any'],
  ] as const) {
    cloud = unwrap(
      createLoadBalancer(cloud, {
        resourceGroup: 'rg',
        name,
        frontendIPConfigurations: [{ name: 'x', ...frontend(cloud, on) }],
        backendAddressPools: ['x'],
      }),
    );
  }
  return cloud;
})();

function subnet(cloud: Cloud): string {
  return `${resourceId(cloud, 'rg', 'Microsoft.Network/virtualNetworks', 'v')}/subnets/s`;
}

const idOf = (cloud: Cloud, name: string): string => resourceId(cloud, 'rg', LB, name);

/** Where a frontend stands: on a public address, or in the subnet with an address or any. */
const base = fc.constantFrom('p1', 'p2', 'p3', 'any', '10.0.0.9', '10.0.0.10', '10.0.0.1');
const balancer = fc.constantFrom('a', 'b');
const part = fc.constantFrom('x', 'y');
const port = fc.constantFrom(80, 81);

const event = fc.oneof(
  { weight: 1, arbitrary: fc.record({ does: fc.constant('create' as const), balancer, base }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), balancer }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('frontend' as const), balancer, part, base }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('rule' as const),
      balancer,
      part,
      frontend: part,
      port,
      backend: port,
      floating: fc.boolean(),
      snat: fc.boolean(),
      probe: fc.option(part),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('probe' as const), balancer, part, port }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('pool' as const), balancer, part }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('outbound' as const), balancer, part, frontend: part }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('remove' as const),
      balancer,
      part,
      list: fc.constantFrom(
        'frontendIPConfigurations' as const,
        'backendAddressPools' as const,
        'loadBalancingRules' as const,
        'probes' as const,
        'outboundRules' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('join' as const),
      nic: fc.constantFrom('n1', 'n2'),
      pools: fc.uniqueArray(fc.tuple(balancer, part), { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('address' as const), name: fc.constantFrom('p1', 'p2') }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function frontend(cloud: Cloud, on: string) {
  const isPublic = on.startsWith('p');
  return {
    publicIPAddressId: isPublic ? resourceId(cloud, 'rg', PIP, on) : null,
    subnetId: isPublic ? null : subnet(cloud),
    privateIPAddress: isPublic || on === 'any' ? null : on,
    zones: null,
  };
}

function carryOut(cloud: Cloud, one: Event): Result<Cloud, AzureError> {
  if (one.does === 'join') {
    return setBackendPools(
      cloud,
      { resourceGroup: 'rg', networkInterface: one.nic, name: 'ipconfig1' },
      one.pools.map(([of, pool]) => `${idOf(cloud, of)}/backendAddressPools/${pool}`),
    );
  }
  if (one.does === 'address') return deletePublicIpAddress(cloud, 'rg', one.name);
  const name = { resourceGroup: 'rg', loadBalancer: one.balancer };
  const id = idOf(cloud, one.balancer);
  switch (one.does) {
    case 'create':
      return createLoadBalancer(cloud, {
        resourceGroup: 'rg',
        name: one.balancer,
        frontendIPConfigurations: [{ name: 'x', ...frontend(cloud, one.base) }],
        backendAddressPools: ['x'],
      });
    case 'delete':
      return deleteLoadBalancer(cloud, 'rg', one.balancer);
    case 'frontend':
      return putFrontend(cloud, name, {
        id: `${id}/frontendIPConfigurations/${one.part}`,
        name: one.part,
        ...frontend(cloud, one.base),
      });
    case 'rule':
      return putPart(cloud, name, 'loadBalancingRules', {
        id: `${id}/loadBalancingRules/${one.part}`,
        name: one.part,
        protocol: 'Tcp',
        frontendPort: one.port,
        backendPort: one.backend,
        frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/${one.frontend}` },
        backendAddressPool: { id: `${id}/backendAddressPools/x` },
        probe: one.probe === null ? null : { id: `${id}/probes/${one.probe}` },
        enableFloatingIP: one.floating,
        enableTcpReset: false,
        disableOutboundSnat: !one.snat,
        idleTimeoutInMinutes: 4,
        loadDistribution: 'Default',
      });
    case 'probe':
      return putPart(cloud, name, 'probes', {
        id: `${id}/probes/${one.part}`,
        name: one.part,
        protocol: 'Tcp',
        port: one.port,
        requestPath: null,
        intervalInSeconds: 5,
        numberOfProbes: 2,
      });
    case 'pool':
      return putPart(cloud, name, 'backendAddressPools', {
        id: `${id}/backendAddressPools/${one.part}`,
        name: one.part,
      });
    case 'outbound':
      return putPart(cloud, name, 'outboundRules', {
        id: `${id}/outboundRules/${one.part}`,
        name: one.part,
        protocol: 'All',
        allocatedOutboundPorts: 0,
        idleTimeoutInMinutes: 4,
        enableTcpReset: false,
        frontendIPConfigurations: [{ id: `${id}/frontendIPConfigurations/${one.frontend}` }],
        backendAddressPool: { id: `${id}/backendAddressPools/x` },
      });
    case 'remove':
      return deletePart(cloud, name, one.list, one.part);
  }
}

/** Sentences about a cloud that no history may make wrong. */
function wrongs(cloud: Cloud): readonly string[] {
  const balancers = listResources(cloud, LB);
  const frontends = balancers.flatMap((one) => one.frontendIPConfigurations);
  const found: string[] = [];
  for (const address of listResources(cloud, PIP)) {
    const holder = address.ipConfiguration;
    const named = frontends.filter(
      ({ publicIPAddress }) => publicIPAddress !== null && sameId(publicIPAddress.id, address.id),
    );
    if (named.length > 1) found.push(`${address.name} is on ${named.length} frontends`);
    if ((holder === null) !== (named.length === 0))
      found.push(`${address.name} is held by ${holder?.id ?? 'nobody'}`);
    if (holder !== null && named[0] !== undefined && !sameId(named[0].id, holder.id)) {
      found.push(`${address.name} is held by ${holder.id}, and named by ${named[0].id}`);
    }
  }
  const addresses = subnetAllocations(cloud, subnet(cloud)).map((one) => one.address);
  if (new Set(addresses).size < addresses.length) found.push(`two hold one of ${addresses.join(' ')}`);
  for (const one of balancers) {
    const kinds = new Set(one.frontendIPConfigurations.map(({ subnet: inside }) => inside === null));
    if (kinds.size > 1) found.push(`${one.name} has public and internal frontends`);
    const parts = new Set(
      [...one.frontendIPConfigurations, ...one.backendAddressPools, ...one.probes].map(({ id }) =>
        armKey(id),
      ),
    );
    const used = [
      ...one.loadBalancingRules.flatMap((rule) => [
        rule.frontendIPConfiguration,
        rule.backendAddressPool,
        rule.probe,
      ]),
      ...one.outboundRules.flatMap((rule) => [...rule.frontendIPConfigurations, rule.backendAddressPool]),
    ];
    for (const reference of used) {
      if (reference !== null && !parts.has(armKey(reference.id))) found.push(`${reference.id} is not there`);
    }
    for (const { publicIPAddress } of one.frontendIPConfigurations) {
      if (publicIPAddress !== null && getResource(cloud, publicIPAddress.id, PIP) === null) {
        found.push(`${publicIPAddress.id} is gone`);
      }
    }
  }
  const pools = new Set(balancers.flatMap((one) => one.backendAddressPools.map(({ id }) => armKey(id))));
  for (const nic of listResources(cloud, NIC)) {
    const joined = nic.ipConfigurations.flatMap((one) => one.loadBalancerBackendAddressPools);
    for (const { id } of joined)
      if (!pools.has(armKey(id))) found.push(`${nic.name} is in ${id}, which is gone`);
  }
  return found;
}

test('no history of load balancers leaves a reference to nothing', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 5, maxLength: 40, size: 'max' }), (events) => {
      let cloud = START;
      for (const one of events) {
        const before = JSON.stringify(cloud.resources);
        const done = carryOut(cloud, one);
        expect(JSON.stringify(cloud.resources)).toBe(before);
        if (!done.ok) {
          expect(done.error.code).not.toBe('');
          continue;
        }
        cloud = done.value;
        expect(wrongs(cloud), JSON.stringify(one)).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
});
