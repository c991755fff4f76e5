/**
 * Random sequences of operations never leave two NICs of a VNet with one address, nor an address outside
 * its subnet or on one that Azure keeps; and an operation that fails leaves the cloud as it was.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AzureError } from '../../src/model/azure/error.ts';
import {
  createIpConfiguration,
  deleteIpConfiguration,
  updateIpConfiguration,
} from '../../src/model/azure/ip-configuration.ts';
import { createNetworkInterface, deleteNetworkInterface } from '../../src/model/azure/network-interface.ts';
import { createPublicIpAddress, deletePublicIpAddress } from '../../src/model/azure/public-ip-address.ts';
import { createResourceGroup } from '../../src/model/azure/resource-group.ts';
import { listResources, resourceId } from '../../src/model/azure/resource-store.ts';
import { isReservedAddress } from '../../src/model/azure/subnet-addresses.ts';
import {
  createSubnet,
  deleteSubnet,
  findSubnet,
  subnetIdOf,
  updateSubnet,
} from '../../src/model/azure/subnet.ts';
import { newCloud } from '../../src/model/azure/subscription.ts';
import {
  createVirtualNetwork,
  deleteVirtualNetwork,
  updateVirtualNetwork,
} from '../../src/model/azure/virtual-network.ts';
import { createVirtualMachine, deleteVirtualMachine } from '../../src/model/azure/virtual-machine.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import { address } from '../../src/model/ip/address.ts';
import { prefix, prefixContains, prefixCovers, prefixesOverlap } from '../../src/model/ip/prefix.ts';
import { unwrap } from '../../src/model/result.ts';
import type { Result } from '../../src/model/result.ts';

type Operation = (cloud: Cloud) => Result<Cloud, AzureError>;

const group = 'rg';
const vnetName = fc.constantFrom('vnet1', 'vnet2');
const subnetName = fc.constantFrom('s1', 's2', 's3');
const nicName = fc.constantFrom('n1', 'n2', 'n3', 'n4', 'n5');
const publicName = fc.constantFrom('p1', 'p2');
const configurationName = fc.constantFrom('ipconfig1', 'ipconfig2');
const addressPrefix = fc.constantFrom(
  ...[
    '10.0.0.0/29',
    '10.0.0.8/29',
    '10.0.0.0/28',
    '10.0.1.0/24',
    '10.0.0.4/30',
    '10.1.0.0/24',
    '10.0.0.1/24',
  ],
);
const space = fc.constantFrom(
  ['10.0.0.0/16'],
  ['10.0.0.0/24'],
  ['10.0.0.0/16', '10.1.0.0/16'],
  ['10.0.0.0/8'],
);
const wanted = fc.option(
  fc.constantFrom('10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.12', '10.0.1.9', 'x'),
);

function configuration(cloud: Cloud, vnet: string, subnet: string, text: string | null, pip: string | null) {
  return {
    subnetId: subnetIdOf(cloud, { resourceGroup: group, virtualNetwork: vnet, name: subnet }),
    privateIPAddress: text,
    publicIPAddressId:
      pip === null ? null : resourceId(cloud, group, 'Microsoft.Network/publicIPAddresses', pip),
  };
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(vnetName, space).map(
    ([name, addressPrefixes]): Operation =>
      (cloud) =>
        createVirtualNetwork(cloud, { resourceGroup: group, name, addressPrefixes }),
  ),
  fc.tuple(vnetName, space).map(
    ([name, addressPrefixes]): Operation =>
      (cloud) =>
        updateVirtualNetwork(cloud, group, name, { addressPrefixes }),
  ),
  vnetName.map(
    (name): Operation =>
      (cloud) =>
        deleteVirtualNetwork(cloud, group, name),
  ),
  fc.tuple(vnetName, subnetName, addressPrefix).map(
    ([virtualNetwork, name, text]): Operation =>
      (cloud) =>
        createSubnet(cloud, { resourceGroup: group, virtualNetwork, name }, { addressPrefix: text }),
  ),
  fc.tuple(vnetName, subnetName, addressPrefix).map(
    ([virtualNetwork, name, text]): Operation =>
      (cloud) =>
        updateSubnet(cloud, { resourceGroup: group, virtualNetwork, name }, { addressPrefix: text }),
  ),
  fc.tuple(vnetName, subnetName).map(
    ([virtualNetwork, name]): Operation =>
      (cloud) =>
        deleteSubnet(cloud, { resourceGroup: group, virtualNetwork, name }),
  ),
  fc.tuple(nicName, vnetName, subnetName, wanted, fc.option(publicName)).map(
    ([name, vnet, subnet, text, pip]): Operation =>
      (cloud) =>
        createNetworkInterface(cloud, {
          resourceGroup: group,
          name,
          ipConfiguration: { name: 'ipconfig1', ...configuration(cloud, vnet, subnet, text, pip) },
        }),
  ),
  fc.tuple(nicName, vnetName, subnetName, wanted).map(
    ([networkInterface, vnet, subnet, text]): Operation =>
      (cloud) =>
        createIpConfiguration(
          cloud,
          { resourceGroup: group, networkInterface },
          { name: 'ipconfig2', ...configuration(cloud, vnet, subnet, text, null) },
        ),
  ),
  fc.tuple(nicName, configurationName, wanted).map(
    ([networkInterface, name, text]): Operation =>
      (cloud) =>
        updateIpConfiguration(
          cloud,
          { resourceGroup: group, networkInterface, name },
          { privateIPAddress: text },
        ),
  ),
  fc.tuple(nicName, configurationName).map(
    ([networkInterface, name]): Operation =>
      (cloud) =>
        deleteIpConfiguration(cloud, { resourceGroup: group, networkInterface, name }),
  ),
  nicName.map(
    (name): Operation =>
      (cloud) =>
        deleteNetworkInterface(cloud, group, name),
  ),
  publicName.map(
    (name): Operation =>
      (cloud) =>
        createPublicIpAddress(cloud, { resourceGroup: group, name }),
  ),
  publicName.map(
    (name): Operation =>
      (cloud) =>
        deletePublicIpAddress(cloud, group, name),
  ),
  nicName.map(
    (name): Operation =>
      (cloud) =>
        createVirtualMachine(cloud, {
          resourceGroup: group,
          name: `vm-${name}`,
          vmSize: 'Standard_DS1_v2',
          imageReference: 'a:b:c:latest',
          adminUsername: 'azureuser',
          networkInterfaces: [resourceId(cloud, group, 'Microsoft.Network/networkInterfaces', name)],
        }),
  ),
  nicName.map(
    (name): Operation =>
      (cloud) =>
        deleteVirtualMachine(cloud, group, `vm-${name}`),
  ),
);

function checkInvariants(cloud: Cloud): void {
  for (const vnet of listResources(cloud, 'Microsoft.Network/virtualNetworks')) {
    const space = vnet.addressSpace.addressPrefixes.map(prefix);
    for (const [index, subnet] of vnet.subnets.entries()) {
      expect(space.some((range) => prefixCovers(range, prefix(subnet.addressPrefix)))).toBe(true);
      for (const other of vnet.subnets.slice(index + 1)) {
        expect(prefixesOverlap(prefix(subnet.addressPrefix), prefix(other.addressPrefix))).toBe(false);
      }
    }
  }
  const seen = new Set<string>();
  for (const nic of listResources(cloud, 'Microsoft.Network/networkInterfaces')) {
    expect(nic.ipConfigurations.filter((one) => one.primary)).toHaveLength(1);
    for (const one of nic.ipConfigurations) {
      const found = findSubnet(cloud, one.subnet.id);
      if (found === null) throw new Error(`${one.id} is in ${one.subnet.id}, which does not exist`);
      const held = address(one.privateIPAddress);
      expect(prefixContains(prefix(found.subnet.addressPrefix), held)).toBe(true);
      expect(isReservedAddress(found.subnet.addressPrefix, held)).toBe(false);
      const key = `${found.virtualNetwork.id} ${one.privateIPAddress}`;
      expect(seen.has(key), `${key} is held twice`).toBe(false);
      seen.add(key);
      if (one.publicIPAddress !== null) {
        const publicIp = cloud.resources[one.publicIPAddress.id.toLowerCase()];
        expect(publicIp).toMatchObject({ ipConfiguration: { id: one.id } });
      }
    }
    if (nic.virtualMachine !== null)
      expect(cloud.resources[nic.virtualMachine.id.toLowerCase()]).toBeDefined();
  }
  const held = listResources(cloud, 'Microsoft.Network/publicIPAddresses');
  expect(new Set(held.map((one) => one.ipAddress)).size).toBe(held.length);
  for (const one of held) {
    if (one.ipConfiguration === null) continue;
    const nicKey = one.ipConfiguration.id.toLowerCase().split('/ipconfigurations/')[0] ?? '';
    expect(cloud.resources[nicKey]).toBeDefined();
  }
}

test('no sequence of operations breaks the addressing, and a failure changes nothing', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 5, maxLength: 60 }), (operations) => {
      let cloud = unwrap(createResourceGroup(newCloud(), { name: group, location: 'westeurope' }));
      for (const run of operations) {
        const before = JSON.stringify(cloud);
        const result = run(cloud);
        expect(JSON.stringify(cloud)).toBe(before);
        if (!result.ok) {
          expect(result.error.code).toMatch(/^[A-Z][A-Za-z0-9]+$/);
          continue;
        }
        cloud = result.value;
        checkInvariants(cloud);
      }
      expect(JSON.parse(JSON.stringify(cloud))).toEqual(cloud);
    }),
    { numRuns: 150 },
  );
});
