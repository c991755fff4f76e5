import { describe, expect, test } from 'vitest';
import {
  createNatGateway,
  deleteNatGateway,
  updateNatGateway,
} from '../../../../src/model/azure/nat-gateway.ts';
import type { NatGatewayInput } from '../../../../src/model/azure/nat-gateway.ts';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import {
  createPublicIpAddress,
  deletePublicIpAddress,
} from '../../../../src/model/azure/public-ip-address.ts';
import { createPublicIpPrefix, deletePublicIpPrefix } from '../../../../src/model/azure/public-ip-prefix.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { findResource, resourceId } from '../../../../src/model/azure/resource-store.ts';
import {
  createSubnet,
  defaultOutboundAccessOfNew,
  updateSubnet,
} from '../../../../src/model/azure/subnet.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import type { Result } from '../../../../src/model/result.ts';
import type { AzureError } from '../../../../src/model/azure/error.ts';

const RG = { resourceGroup: 'rg' };
const ADDRESS = 'Microsoft.Network/publicIPAddresses';
const PREFIX = 'Microsoft.Network/publicIPPrefixes';
const GATEWAY = 'Microsoft.Network/natGateways';

/** Two VNets in westeurope, one in northeurope; addresses of both SKUs, by zone; prefixes. */
function world(): Cloud {
  let cloud = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  for (const [name, space] of [
    ['vnet', '10.0.0.0/16'],
    ['other', '10.1.0.0/16'],
  ] as const) {
    cloud = unwrap(
      createVirtualNetwork(cloud, {
        ...RG,
        name,
        addressPrefixes: [space],
        subnets: ['a', 'b', 'GatewaySubnet'].map((subnet, at) => ({
          name: subnet,
          addressPrefix: space.replace('.0.0/16', `.${at}.0/24`),
        })),
      }),
    );
  }
  cloud = unwrap(
    createVirtualNetwork(cloud, {
      ...RG,
      name: 'north',
      location: 'northeurope',
      addressPrefixes: ['10.2.0.0/16'],
      subnets: [{ name: 'a', addressPrefix: '10.2.0.0/24' }],
    }),
  );
  for (let at = 1; at <= 17; at++) cloud = unwrap(createPublicIpAddress(cloud, { ...RG, name: `pip${at}` }));
  cloud = unwrap(createPublicIpAddress(cloud, { ...RG, name: 'v2', sku: 'StandardV2' }));
  cloud = unwrap(createPublicIpAddress(cloud, { ...RG, name: 'zone1', zones: ['1'] }));
  cloud = unwrap(createPublicIpAddress(cloud, { ...RG, name: 'redundant', zones: ['1', '2', '3'] }));
  cloud = unwrap(createPublicIpAddress(cloud, { ...RG, name: 'north', location: 'northeurope' }));
  cloud = unwrap(
    createPublicIpAddress(cloud, {
      ...RG,
      name: 'routed',
      ipTags: [{ ipTagType: 'RoutingPreference', tag: 'Internet' }],
    }),
  );
  cloud = unwrap(createPublicIpPrefix(cloud, { ...RG, name: 'four', prefixLength: 30 }));
  return unwrap(createPublicIpPrefix(cloud, { ...RG, name: 'sixteen', prefixLength: 28 }));
}

const ids = (cloud: Cloud, type: string, names: readonly string[]): readonly string[] =>
  names.map((name) => resourceId(cloud, 'rg', type, name));

interface Draft extends Partial<NatGatewayInput> {
  readonly addresses?: readonly string[];
  readonly prefixes?: readonly string[];
}

function create(cloud: Cloud, { addresses = [], prefixes = [], ...more }: Draft = {}) {
  return createNatGateway(cloud, {
    ...RG,
    name: 'gw',
    publicIpAddressIds: ids(cloud, ADDRESS, addresses),
    publicIpPrefixIds: ids(cloud, PREFIX, prefixes),
    ...more,
  });
}

const gatewayId = (cloud: Cloud, name = 'gw'): string => resourceId(cloud, 'rg', GATEWAY, name);

function attach(cloud: Cloud, virtualNetwork: string, name: string, gateway = 'gw') {
  return updateSubnet(cloud, { ...RG, virtualNetwork, name }, { natGateway: gatewayId(cloud, gateway) });
}

const codeOf = (result: Result<Cloud, AzureError>): string => (result.ok ? 'ok' : result.error.code);

describe('creating a NAT gateway', () => {
  const sixteen = Array.from({ length: 16 }, (_, at) => `pip${at + 1}`);
  // https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource and nat-availability-zones, unless said
  test.each<[string, Draft, string]>([
    ['nothing but a name', {}, 'ok'],
    ['16 addresses', { addresses: sixteen }, 'ok'],
    ['17 addresses', { addresses: [...sixteen, 'pip17'] }, 'NotSimulated'],
    ['a prefix of 16', { prefixes: ['sixteen'] }, 'ok'],
    ['a prefix of 16 and one more', { prefixes: ['sixteen'], addresses: ['pip1'] }, 'NotSimulated'],
    ['a prefix of 4 and 12 addresses', { prefixes: ['four'], addresses: sixteen.slice(4) }, 'ok'],
    ['a prefix of 4 and 13 addresses', { prefixes: ['four'], addresses: sixteen.slice(3) }, 'NotSimulated'],
    ['the same address twice', { addresses: ['pip1', 'pip1'] }, 'ok'],
    ['the shortest idle timeout', { idleTimeoutInMinutes: 4 }, 'ok'],
    ['the longest idle timeout', { idleTimeoutInMinutes: 120 }, 'ok'],
    ['a shorter idle timeout', { idleTimeoutInMinutes: 3 }, 'NotSimulated'],
    ['a longer idle timeout', { idleTimeoutInMinutes: 121 }, 'NotSimulated'],
    ['an address of another region', { addresses: ['north'] }, 'InvalidResourceReference'],
    ['an address that is not there', { addresses: ['nobody'] }, 'InvalidResourceReference'],
    ['a prefix that is not there', { prefixes: ['nobody'] }, 'InvalidResourceReference'],
    ['another region', { location: 'northeurope', addresses: ['north'] }, 'ok'],
    ['one zone', { zones: ['1'] }, 'ok'],
    ['two zones', { zones: ['1', '2'] }, 'NotSimulated'],
    ['an address of its own zone', { zones: ['1'], addresses: ['zone1'] }, 'ok'],
    ['an address of another zone', { zones: ['2'], addresses: ['zone1'] }, 'NotSimulated'],
    ['a zone-redundant address', { zones: ['2'], addresses: ['redundant'] }, 'ok'],
    ['no zone, and an address with one', { addresses: ['zone1'] }, 'ok'],
    // https://github.com/microsoft/physical-ai-toolchain/issues/14
    [
      'a zone where there are none',
      { location: 'westus', zones: ['1'] },
      'LocationNotSupportAvailabilityZones',
    ],
    // https://learn.microsoft.com/azure/nat-gateway/nat-sku
    ['StandardV2 with its own kind', { sku: 'StandardV2', addresses: ['v2'] }, 'ok'],
    ['StandardV2 in all zones', { sku: 'StandardV2', zones: ['1', '2', '3'], addresses: ['v2'] }, 'ok'],
    ['StandardV2 with a Standard address', { sku: 'StandardV2', addresses: ['pip1'] }, 'NotSimulated'],
    ['StandardV2 with a Standard prefix', { sku: 'StandardV2', prefixes: ['four'] }, 'NotSimulated'],
    ['Standard with a StandardV2 address', { addresses: ['v2'] }, 'NotSimulated'],
    ['StandardV2 where there is none', { sku: 'StandardV2', location: 'westindia' }, 'NotSimulated'],
    // https://learn.microsoft.com/azure/nat-gateway/troubleshoot-nat
    ['routing preference Internet', { addresses: ['routed'] }, 'NotSimulated'],
    ['a name that Azure does not take', { name: '-gw' }, 'InvalidResourceName'],
    ['a group that is not there', { resourceGroup: 'nobody' }, 'ResourceGroupNotFound'],
  ])('with %s', (_, draft, code) => {
    const cloud = world();
    expect(codeOf(create(cloud, draft))).toBe(code);
  });

  test('without a word about it, is Standard with four minutes and in no zone', () => {
    const made = unwrap(create(world()));
    expect(findResource(made, GATEWAY, 'rg', 'gw')).toMatchObject({
      sku: { name: 'Standard' },
      idleTimeoutInMinutes: 4,
      zones: null,
      location: 'westeurope',
    });
  });

  test('again, lets go of what is not named again', () => {
    const first = unwrap(create(world(), { addresses: ['pip1', 'pip2'], prefixes: ['four'] }));
    const second = unwrap(create(first, { addresses: ['pip2'] }));
    const holder = (name: string) => findResource(second, ADDRESS, 'rg', name)?.natGateway?.id;
    expect([holder('pip1'), holder('pip2')]).toEqual([undefined, gatewayId(second)]);
    expect(findResource(second, PREFIX, 'rg', 'four')?.natGateway).toBeUndefined();
  });

  test('again, keeps its SKU and its zones', () => {
    const cloud = unwrap(create(world(), { zones: ['1'] }));
    expect(codeOf(create(cloud, { zones: ['1'], sku: 'StandardV2' }))).toBe('NotSimulated');
    expect(codeOf(create(cloud, { zones: ['2'] }))).toBe('ResourceAvailabilityZonesCannotBeModified');
    expect(codeOf(updateNatGateway(cloud, 'rg', 'gw', { sku: 'StandardV2' }))).toBe('NotSimulated');
  });
});

describe('an address or prefix has one holder', () => {
  const held = (): Cloud => unwrap(create(world(), { addresses: ['pip1'], prefixes: ['four'] }));

  test('and the second is told who it is, in Azure’s words', () => {
    const cloud = held();
    const [id = ''] = ids(cloud, ADDRESS, ['pip1']);
    const second = create(cloud, { name: 'second', addresses: ['pip1'] });
    // https://github.com/gardener/gardener-extension-provider-azure/issues/757
    expect(second.ok ? null : second.error).toMatchObject({
      code: 'PublicIPAddressInUse',
      message: `Resource ${gatewayId(cloud, 'second')} is referencing public IP address ${id} that is already allocated to resource ${gatewayId(cloud)}.`,
    });
    expect(codeOf(create(cloud, { name: 'second', prefixes: ['four'] }))).toBe('NotSimulated');
  });

  test.each(['pip1', 'v2'])('which a NIC cannot be beside a gateway: %s', (name) => {
    const cloud = held();
    const nic = createNetworkInterface(cloud, {
      ...RG,
      name: 'nic',
      ipConfiguration: {
        name: 'ipconfig1',
        subnetId: `${resourceId(cloud, 'rg', 'Microsoft.Network/virtualNetworks', 'vnet')}/subnets/a`,
        publicIPAddressId: ids(cloud, ADDRESS, [name])[0] ?? '',
      },
    });
    expect(codeOf(nic)).toBe(name === 'pip1' ? 'PublicIPAddressInUse' : 'NotSimulated');
  });

  test('and stays as long as it is held', () => {
    const cloud = held();
    expect(codeOf(deletePublicIpAddress(cloud, 'rg', 'pip1'))).toBe('PublicIPAddressCannotBeDeleted');
    expect(codeOf(deletePublicIpPrefix(cloud, 'rg', 'four'))).toBe('InUsePublicIpPrefixCannotBeDeleted');
    const gone = unwrap(deleteNatGateway(cloud, 'rg', 'gw'));
    expect(codeOf(deletePublicIpAddress(gone, 'rg', 'pip1'))).toBe('ok');
    expect(codeOf(deletePublicIpPrefix(gone, 'rg', 'four'))).toBe('ok');
  });

  test('a prefix with addresses of its own is taken whole or not at all', () => {
    const [prefix = ''] = ids(world(), PREFIX, ['four']);
    const broken = unwrap(createPublicIpAddress(world(), { ...RG, name: 'of', publicIPPrefixId: prefix }));
    expect(codeOf(create(broken, { prefixes: ['four'] }))).toBe('NotSimulated');
    expect(codeOf(createPublicIpAddress(held(), { ...RG, name: 'of', publicIPPrefixId: prefix }))).toBe(
      'NotSimulated',
    );
  });
});

describe('subnets', () => {
  const cloud = unwrap(create(world()));

  test('many of one VNet share a gateway, which then stays', () => {
    const both = unwrap(attach(unwrap(attach(cloud, 'vnet', 'a')), 'vnet', 'b'));
    const refused = deleteNatGateway(both, 'rg', 'gw');
    // https://github.com/Azure-Samples/Copilot-Studio-with-Azure-AI-Search/issues/62
    expect(refused.ok ? null : refused.error).toEqual({
      code: 'CannotDeleteNatGatewayAssociatedToSubnet',
      message: `NAT Gateway ${gatewayId(both)} is still configured on 2 subnets. Remove NAT Gateway from all referenced subnets and then delete NAT Gateway.`,
    });
  });

  test('of another VNet do not', () => {
    const code = codeOf(attach(unwrap(attach(cloud, 'vnet', 'a')), 'other', 'a'));
    expect(code).toBe('NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks');
  });

  test('of another VNet do, once the last of the first let go', () => {
    const name = { ...RG, virtualNetwork: 'vnet', name: 'a' };
    const free = unwrap(updateSubnet(unwrap(attach(cloud, 'vnet', 'a')), name, { natGateway: null }));
    expect(codeOf(attach(free, 'other', 'a'))).toBe('ok');
    expect(codeOf(deleteNatGateway(free, 'rg', 'gw'))).toBe('ok');
  });

  test('have one gateway each: the second takes the place of the first', () => {
    const two = unwrap(create(unwrap(attach(cloud, 'vnet', 'a')), { name: 'second' }));
    const moved = unwrap(attach(two, 'vnet', 'a', 'second'));
    const vnet = findResource(moved, 'Microsoft.Network/virtualNetworks', 'rg', 'vnet');
    expect(vnet?.subnets.find(({ name }) => name === 'a')?.natGateway?.id).toBe(gatewayId(moved, 'second'));
    expect(codeOf(deleteNatGateway(moved, 'rg', 'gw'))).toBe('ok');
  });

  test.each([
    ['GatewaySubnet', 'vnet', 'GatewaySubnet', 'NotSimulated'],
    ['in another region', 'north', 'a', 'InvalidResourceReference'],
  ])('cannot: %s', (_, virtualNetwork, name, code) => {
    expect(codeOf(attach(cloud, virtualNetwork, name))).toBe(code);
  });

  test('keep theirs when something else of them changes', () => {
    const attached = unwrap(attach(cloud, 'vnet', 'a'));
    const changed = unwrap(
      updateSubnet(attached, { ...RG, virtualNetwork: 'vnet', name: 'a' }, { defaultOutboundAccess: false }),
    );
    const again = unwrap(
      createVirtualNetwork(changed, { ...RG, name: 'vnet', addressPrefixes: ['10.0.0.0/16'] }),
    );
    const vnet = findResource(again, 'Microsoft.Network/virtualNetworks', 'rg', 'vnet');
    expect(vnet?.subnets.find(({ name }) => name === 'a')?.natGateway?.id).toBe(gatewayId(cloud));
  });

  test('are not left behind by a create with a gateway that is not there', () => {
    const name = { ...RG, virtualNetwork: 'vnet', name: 'new' };
    const made = createSubnet(cloud, name, {
      addressPrefix: '10.0.9.0/24',
      natGateway: gatewayId(cloud, 'nobody'),
    });
    expect(codeOf(made)).toBe('InvalidResourceReference');
  });
});

// https://techcommunity.microsoft.com/t5/azure-networking-blog/private-subnets-by-default-in-azure-virtual-networks-what/ba-p/4513778
test.each([
  ['2026-06-01T23:59:59Z', null],
  ['2026-06-02T00:00:00Z', false],
])('a new subnet of %s has default outbound access %s', (at, access) => {
  expect(defaultOutboundAccessOfNew({ ...newCloud(), now: Date.parse(at) / 1000 })).toBe(access);
});
