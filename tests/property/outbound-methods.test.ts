/**
 * Random ways out for eight machines in two peered VNets: each NIC has exactly one, it is the one that the order
 * of methods gives, the internet sees no source but that method's, and nothing but the way to the internet
 * depends on NAT gateways.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNatGateway } from '../../src/model/azure/nat-gateway.ts';
import { updateIpConfiguration } from '../../src/model/azure/ip-configuration.ts';
import {
  armKey,
  findResource,
  listResources,
  putResource,
  resourceId,
} from '../../src/model/azure/resource-store.ts';
import { updateSubnet } from '../../src/model/azure/subnet.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { ask } from '../../src/model/compile/ask.ts';
import { compile } from '../../src/model/compile/compile.ts';
import { unwrap } from '../../src/model/result.ts';
import { describeTrace } from '../../src/model/trace/text.ts';
import type { Trace } from '../../src/model/trace/trace.ts';
import { createSession } from '../../src/shell/session.ts';
import { slowOutboundMethod } from '../support/golden/slow-outbound-method.ts';
import { places, seenAddress } from '../support/trace-expectations.ts';

const SUBNETS = [
  ['vnet-a', 's0'],
  ['vnet-a', 's1'],
  ['vnet-a', 's2'],
  ['vnet-b', 's3'],
] as const;
const MACHINES = SUBNETS.flatMap(([vnet, subnet]) =>
  [0, 1].map((at) => ({ vnet, subnet, name: `${subnet}-${at}` })),
);

const SCRIPT = `set -eu
az group create -n rg -l westeurope -o none
az network vnet create -g rg -n vnet-a --address-prefixes 10.0.0.0/16 -o none
az network vnet create -g rg -n vnet-b --address-prefixes 10.1.0.0/16 -o none
az network vnet peering create -g rg --vnet-name vnet-a -n b --remote-vnet vnet-b --allow-vnet-access -o none
az network vnet peering create -g rg --vnet-name vnet-b -n a --remote-vnet vnet-a --allow-vnet-access -o none
for hop in Internet None; do
  az network route-table create -g rg -n $hop -o none
  az network route-table route create -g rg --route-table-name $hop -n all --address-prefix 0.0.0.0/0 --next-hop-type $hop -o none
done
az network nsg create -g rg -n open -o none
az network nsg rule create -g rg --nsg-name open -n ssh --priority 100 --access Allow --protocol Tcp --destination-port-ranges 22 -o none
${SUBNETS.map(([vnet, name], at) => `az network vnet subnet create -g rg --vnet-name ${vnet} -n ${name} --address-prefixes 10.${vnet === 'vnet-a' ? 0 : 1}.${at}.0/24 --network-security-group open -o none`).join('\n')}
${MACHINES.map(({ vnet, subnet, name }) => `az vm create -g rg -n ${name} --image Ubuntu2204 --vnet-name ${vnet} --subnet ${subnet} --public-ip-address "" --nsg "" --generate-ssh-keys --only-show-errors -o none\naz network public-ip create -g rg -n own-${name} -o none`).join('\n')}
az network public-ip create -g rg -n pip-lb -o none
az network lb create -g rg -n lb --sku Standard --public-ip-address pip-lb --frontend-ip-name out --backend-pool-name ruled -o none
az network lb outbound-rule create -g rg --lb-name lb -n out --frontend-ip-configs out --protocol All --address-pool ruled -o none
az network lb address-pool create -g rg --lb-name lb -n bare -o none
for sku in Standard StandardV2; do
  for at in 0 1; do az network public-ip create -g rg -n $sku-$at --sku $sku -o none; done
  az network public-ip prefix create -g rg -n $sku-block --length 31 --sku $sku -o none
done
`;

const gateway = fc.record({
  sku: fc.constantFrom('Standard' as const, 'StandardV2' as const),
  addresses: fc.subarray([0, 1]),
  prefix: fc.boolean(),
});
const subnet = fc.record({
  gateway: fc.constantFrom(null, null, 0, 1),
  access: fc.constantFrom(true, false, null),
  route: fc.constantFrom(null, null, null, 'Internet', 'None'),
});
const machine = fc.record({
  own: fc.boolean(),
  pool: fc.constantFrom(null, null, 'ruled', 'bare'),
});
const setting = fc.record({
  gateways: fc.tuple(gateway, gateway),
  subnets: fc.tuple(subnet, subnet, subnet, subnet),
  machines: fc.array(machine, { minLength: MACHINES.length, maxLength: MACHINES.length }),
});
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

const idOf = (cloud: Cloud, type: string, name: string): string =>
  resourceId(cloud, 'rg', `Microsoft.Network/${type}`, name);

/** The world with a setting; what Azure refuses (a gateway in two VNets, an address twice) stays undone. */
function settle(world: Cloud, { gateways, subnets, machines }: Setting, withGateways: boolean): Cloud {
  let cloud = world;
  for (const [at, { sku, addresses, prefix }] of gateways.entries()) {
    const made = createNatGateway(cloud, {
      resourceGroup: 'rg',
      name: `gw${at}`,
      sku,
      publicIpAddressIds: addresses.map((each) => idOf(cloud, 'publicIPAddresses', `${sku}-${each}`)),
      publicIpPrefixIds: prefix ? [idOf(cloud, 'publicIPPrefixes', `${sku}-block`)] : [],
    });
    const bare = made.ok ? made : createNatGateway(cloud, { resourceGroup: 'rg', name: `gw${at}`, sku });
    cloud = unwrap(bare);
  }
  for (const [at, each] of subnets.entries()) {
    const [virtualNetwork = '', name = ''] = SUBNETS[at] ?? [];
    const place = { resourceGroup: 'rg', virtualNetwork, name };
    cloud = unwrap(
      updateSubnet(cloud, place, {
        defaultOutboundAccess: each.access,
        routeTable: each.route === null ? null : idOf(cloud, 'routeTables', each.route),
      }),
    );
    if (each.gateway === null || !withGateways) continue;
    const attached = updateSubnet(cloud, place, {
      natGateway: idOf(cloud, 'natGateways', `gw${each.gateway}`),
    });
    if (attached.ok) cloud = attached.value;
  }
  for (const [at, { own, pool }] of machines.entries()) {
    const { name = '', vnet = '' } = MACHINES[at] ?? {};
    const configuration = { resourceGroup: 'rg', networkInterface: `${name}VMNic`, name: `ipconfig${name}` };
    if (own) {
      const publicIPAddressId = idOf(cloud, 'publicIPAddresses', `own-${name}`);
      cloud = unwrap(updateIpConfiguration(cloud, configuration, { publicIPAddressId }));
    }
    const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', 'rg', `${name}VMNic`);
    if (pool === null || nic === null || vnet !== 'vnet-a') continue;
    const loadBalancerBackendAddressPools = [
      { id: `${idOf(cloud, 'loadBalancers', 'lb')}/backendAddressPools/${pool}` },
    ];
    const ipConfigurations = nic.ipConfigurations.map((each) => ({
      ...each,
      loadBalancerBackendAddressPools,
    }));
    cloud = putResource(cloud, { ...nic, ipConfigurations });
  }
  return cloud;
}

function traced(cloud: Cloud, from: string, to: string, protocol: 'tcp' | 'icmp' = 'tcp', port = 80): Trace {
  return unwrap(ask(cloud, { from, to, protocol, ...(protocol === 'tcp' ? { port } : {}) })).trace;
}

const wayOf = (trace: Trace) => [
  trace.disposition,
  seenAddress(trace),
  places(trace),
  trace.reverse === null ? null : places(trace.reverse),
];

describe('ways out', () => {
  let world: Cloud;
  beforeAll(async () => {
    const session = createSession({
      cloud: newCloud({
        seed: 'ways',
        outsideHosts: [
          { kind: 'internet', name: 'internet', address: '203.0.113.80', dnsNames: [], ports: [80] },
          {
            kind: 'on-premises',
            name: 'office',
            address: '192.168.0.10',
            prefix: '192.168.0.0/24',
            virtualNetwork: 'vnet-a',
            ports: [80],
          },
        ],
      }),
    });
    const ran = await session.run(SCRIPT);
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    world = session.cloud;
  }, 60_000);

  test('each NIC has the one that the order gives, and the internet sees its sources only', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(setting, (drawn) => {
        const cloud = settle(world, drawn, true);
        const { inventory, outbound } = compile(cloud);
        const ports = inventory.networks.flatMap(({ ports }) => ports);
        const resources = new Set(
          listResources(cloud, 'Microsoft.Network/publicIPAddresses').map(({ ipAddress }) => ipAddress),
        );
        for (const { name } of MACHINES) {
          const expected = slowOutboundMethod(cloud, `${name}VMNic`);
          kinds.set(expected.kind, (kinds.get(expected.kind) ?? 0) + 1);
          const nic = armKey(idOf(cloud, 'networkInterfaces', `${name}VMNic`));
          const port = ports.find((each) => armKey(each.nic.id) === nic);
          if (port === undefined) throw new Error(`no port for ${name}`);
          if (expected.kind !== 'nowhere')
            expect([name, outbound.of(port).kind]).toEqual([name, expected.kind]);
          for (const protocol of ['tcp', 'icmp'] as const) {
            const trace = traced(cloud, `vm/${name}`, 'internet', protocol);
            const disposition =
              expected.kind === 'nowhere'
                ? 'dropped-by-route'
                : expected.protocols.includes(protocol)
                  ? 'delivered'
                  : 'no-outbound-path';
            expect([name, trace.disposition], describeTrace(trace).join('\n')).toEqual([name, disposition]);
            const seen = seenAddress(trace);
            if (disposition !== 'delivered') continue;
            if (expected.sources === null) expect(resources.has(seen)).toBe(false);
            else expect(expected.sources).toContain(seen);
          }
        }
      }),
      { numRuns: 150 },
    );
    // A property that never met a method would say nothing about it.
    expect([...kinds.keys()].sort()).toEqual([
      'default-outbound-access',
      'instance-public-ip',
      'load-balancer',
      'nat-gateway',
      'none',
      'nowhere',
    ]);
  }, 60_000);

  test('a NAT gateway changes nothing inside, to a peer, to the data centre, or of what comes in', () => {
    fc.assert(
      fc.property(setting, (drawn) => {
        const [one, other] = [settle(world, drawn, true), settle(world, drawn, false)];
        const ends = ['vm/s0-0', 'vm/s0-1', 'vm/s1-0', 'vm/s2-1', 'vm/s3-0', 'host/office'];
        for (const from of ends) {
          for (const to of ends) {
            if (from === to) continue;
            expect([from, to, wayOf(traced(one, from, to))]).toEqual([
              from,
              to,
              wayOf(traced(other, from, to)),
            ]);
          }
        }
        for (const [at, { own }] of drawn.machines.entries()) {
          const { name = '' } = MACHINES[at] ?? {};
          if (!own) continue;
          const address =
            findResource(one, 'Microsoft.Network/publicIPAddresses', 'rg', `own-${name}`)?.ipAddress ?? '';
          const [behind, without] = [one, other].map((cloud) =>
            wayOf(traced(cloud, 'internet', address, 'tcp', 22)),
          );
          expect([name, behind]).toEqual([name, without]);
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});
