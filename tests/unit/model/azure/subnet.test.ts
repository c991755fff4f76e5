import { describe, expect, test } from 'vitest';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import {
  freeAddresses,
  isReservedAddress,
  reservedAddresses,
  usableAddressCount,
} from '../../../../src/model/azure/subnet-addresses.ts';
import {
  createSubnet,
  deleteSubnet,
  findSubnet,
  subnetIdOf,
  updateSubnet,
} from '../../../../src/model/azure/subnet.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createVirtualNetwork, updateVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { address } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';

const named = (name: string) => ({ resourceGroup: 'rg', virtualNetwork: 'vnet', name });

function network(): Cloud {
  const group = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  const vnet = unwrap(
    createVirtualNetwork(group, { resourceGroup: 'rg', name: 'vnet', addressPrefixes: ['10.0.0.0/16'] }),
  );
  return unwrap(createSubnet(vnet, named('first'), { addressPrefix: '10.0.1.0/29' }));
}

function nic(cloud: Cloud, name: string, privateIPAddress?: string) {
  return createNetworkInterface(cloud, {
    resourceGroup: 'rg',
    name,
    ipConfiguration: {
      name: 'ipconfig1',
      subnetId: subnetIdOf(cloud, named('first')),
      privateIPAddress: privateIPAddress ?? null,
    },
  });
}

describe('a subnet keeps five addresses for Azure', () => {
  test('the first four and the last', () => {
    expect(reservedAddresses('10.0.1.0/24')).toEqual([
      '10.0.1.0',
      '10.0.1.1',
      '10.0.1.2',
      '10.0.1.3',
      '10.0.1.255',
    ]);
  });

  test.each([
    ['10.0.0.0/29', 3],
    ['10.0.0.0/28', 11],
    ['10.0.0.0/27', 27],
    ['10.0.0.0/24', 251],
    ['10.0.0.0/16', 65531],
  ])('%s has %i usable addresses', (prefix, count) => {
    expect(usableAddressCount(prefix)).toBe(count);
  });

  test.each([
    ['10.0.1.3', true],
    ['10.0.1.4', false],
    ['10.0.1.6', false],
    ['10.0.1.7', true],
  ])('%s in 10.0.1.0/29 is reserved: %s', (text, reserved) => {
    expect(isReservedAddress('10.0.1.0/29', address(text))).toBe(reserved);
  });
});

describe('a subnet must fit into its VNet', () => {
  test.each([
    ['outside the address space', '10.1.0.0/24', 'NetcfgSubnetRangeOutsideVnet'],
    ['over another subnet', '10.0.1.0/24', 'NetcfgSubnetRangesOverlap'],
    ['inside another subnet', '10.0.1.0/29', 'NetcfgSubnetRangesOverlap'],
    ['smaller than a /29', '10.0.2.0/30', 'NetcfgInvalidSubnet'],
    ['with host bits', '10.0.2.1/24', 'InvalidCIDRNotation'],
    ['without a length', '10.0.2.0', 'InvalidAddressPrefixFormat'],
    ['no address at all', 'ten', 'InvalidAddressPrefixFormat'],
    ['IPv6', 'fd00::/64', 'NotSimulated'],
  ])('%s is refused', (_case, addressPrefix, code) => {
    expect(createSubnet(network(), named('second'), { addressPrefix })).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  test('the masked form is in the message about host bits', () => {
    const refused = createSubnet(network(), named('second'), { addressPrefix: '10.0.2.77/24' });
    expect(refused.ok ? '' : refused.error.message).toContain('the address prefix should be 10.0.2.0/24.');
  });

  test('and the VNet cannot shrink under it', () => {
    expect(updateVirtualNetwork(network(), 'rg', 'vnet', { addressPrefixes: ['10.0.2.0/24'] })).toMatchObject(
      { ok: false, error: { code: 'NetcfgSubnetRangeOutsideVnet' } },
    );
  });

  test.each([
    ['multicast', '224.0.0.0/24'],
    ['loopback', '127.0.0.0/16'],
    ['link-local', '169.254.0.0/16'],
    ["Azure's own service address", '168.63.129.0/24'],
  ])('a VNet takes no %s range', (_case, prefix) => {
    expect(
      createVirtualNetwork(network(), { resourceGroup: 'rg', name: 'other', addressPrefixes: [prefix] }).ok,
    ).toBe(false);
  });
});

describe('addresses are handed out', () => {
  test('from .4 upward, and a freed one comes back', () => {
    const full = ['a', 'b', 'c'].reduce((cloud, name) => unwrap(nic(cloud, name)), network());
    const held = Object.values(full.resources).flatMap((one) =>
      one.type === 'Microsoft.Network/networkInterfaces'
        ? one.ipConfigurations.map((configuration) => configuration.privateIPAddress)
        : [],
    );
    expect(held).toEqual(['10.0.1.4', '10.0.1.5', '10.0.1.6']);
    expect(nic(full, 'd')).toMatchObject({
      ok: false,
      error: {
        code: 'SubnetIsFull',
        message:
          'Subnet first with address prefix 10.0.1.0/29 does not have enough capacity for 1 IP addresses.',
      },
    });
  });

  test.each([
    ['.3 is reserved', '10.0.1.3', 'PrivateIPAddressInReservedRange'],
    ['the last is reserved', '10.0.1.7', 'PrivateIPAddressInReservedRange'],
    ['outside the subnet', '10.0.1.8', 'PrivateIPAddressNotInSubnet'],
    ['taken', '10.0.1.4', 'PrivateIPAddressIsAllocated'],
    ['no address', '10.0.1', 'InvalidIPAddressFormat'],
  ])('a static address is refused: %s', (_case, wanted, code) => {
    expect(nic(unwrap(nic(network(), 'a')), 'b', wanted)).toMatchObject({ ok: false, error: { code } });
  });

  test('several at once leave out the taken ones', () => {
    const cloud = unwrap(nic(network(), 'a', '10.0.1.5'));
    const subnet = findSubnet(cloud, subnetIdOf(cloud, named('first')))?.subnet;
    if (subnet === undefined) throw new Error('the subnet is gone');
    expect(unwrap(freeAddresses(cloud, subnet, 2))).toEqual(['10.0.1.4', '10.0.1.6']);
    expect(freeAddresses(cloud, subnet, 3).ok).toBe(false);
  });
});

describe('a subnet in use', () => {
  const cloud = unwrap(nic(network(), 'a'));

  test('cannot be deleted', () => {
    expect(deleteSubnet(cloud, named('first'))).toMatchObject({
      ok: false,
      error: { code: 'InUseSubnetCannotBeDeleted' },
    });
  });

  test.each([
    ['grow around its addresses', '10.0.1.0/28'],
    ['move away from them', '10.0.9.0/28'],
  ])('cannot %s', (_case, addressPrefix) => {
    expect(updateSubnet(cloud, named('first'), { addressPrefix })).toMatchObject({
      ok: false,
      error: { code: 'InUseSubnetCannotBeUpdated' },
    });
  });

  test('keeps its range through any other change', () => {
    expect(updateSubnet(cloud, named('first'), { defaultOutboundAccess: false }).ok).toBe(true);
  });

  test('may change its range when it is empty', () => {
    expect(updateSubnet(network(), named('first'), { addressPrefix: '10.0.1.0/28' }).ok).toBe(true);
  });
});
