import { ADDRESSES, behindFirewall } from '../../model/compile/firewall-world.ts';
import { expect, test } from 'vitest';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { resourceId } from '../../../../src/model/azure/resource-store.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createPeering } from '../../../../src/model/azure/virtual-network-peering.ts';
import { createVirtualNetwork, updateVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { OutsideHost } from '../../../../src/model/cloud.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { networkView } from '../../../../src/ui/lab/network-view.ts';

test('each VNet shows its own links, their state, and whether they know the other’s space of today', () => {
  let cloud = unwrap(createResourceGroup(newCloud(), { name: 'rg', location: 'westeurope' }));
  for (const [name, space] of [
    ['hub', '10.0.0.0/16'],
    ['spoke', '10.1.0.0/16'],
  ] as const) {
    cloud = unwrap(createVirtualNetwork(cloud, { resourceGroup: 'rg', name, addressPrefixes: [space] }));
  }
  const link = (from: string, to: string): void => {
    cloud = unwrap(
      createPeering(
        cloud,
        { resourceGroup: 'rg', virtualNetwork: from, name: `to-${to}` },
        resourceId(cloud, 'rg', 'Microsoft.Network/virtualNetworks', to),
        {
          allowVirtualNetworkAccess: true,
          allowForwardedTraffic: false,
          allowGatewayTransit: false,
          useRemoteGateways: false,
        },
      ),
    );
  };
  const shown = (): unknown => networkView(cloud).networks.map(({ name, peerings }) => [name, peerings]);
  link('hub', 'spoke');
  expect(shown()).toEqual([
    ['hub', [{ name: 'to-spoke', remote: 'spoke', state: 'Initiated', isInSync: false }]],
    ['spoke', []],
  ]);
  link('spoke', 'hub');
  const connected = { state: 'Connected', isInSync: true };
  expect(shown()).toEqual([
    ['hub', [{ name: 'to-spoke', remote: 'spoke', ...connected }]],
    ['spoke', [{ name: 'to-hub', remote: 'hub', ...connected }]],
  ]);
  cloud = unwrap(
    updateVirtualNetwork(cloud, 'rg', 'hub', { addressPrefixes: ['10.0.0.0/16', '10.9.0.0/16'] }),
  );
  expect(shown()).toEqual([
    ['hub', [{ name: 'to-spoke', remote: 'spoke', state: 'Connected', isInSync: false }]],
    ['spoke', [{ name: 'to-hub', remote: 'hub', state: 'Connected', isInSync: false }]],
  ]);
});

test('a server of the data centre shows what its site sends to Azure, and its own firewall', () => {
  const erp = {
    kind: 'on-premises',
    name: 'erp',
    address: '10.1.0.10',
    prefix: '10.1.0.0/16',
    virtualNetwork: '*',
    ports: [22],
  } as const;
  const shown = (host: OutsideHost): unknown =>
    networkView(newCloud({ outsideHosts: [host] }))
      .outside.filter(({ name }) => name === host.name)
      .map(({ routesToAzure, firewall }) => [routesToAzure.map(({ text }) => text), firewall]);
  expect(shown(erp)).toEqual([[[], null]]);
  expect(
    shown({ ...erp, routesToAzure: ['10.244.0.0/16'], inputChain: { policy: 'DROP', rules: [] } }),
  ).toEqual([[['10.244.0.0/16'], ['-P INPUT DROP']]]);
});

test('a firewall stands in its subnet, with its addresses and how many rules of each kind it has', async () => {
  const cloud = await behindFirewall({
    publicIps: ['fw-ip', 'fw-ip2'],
    network: [{ name: 'net', priority: 200, rules: [{ name: 'any', destinationAddresses: ['*'] }] }],
  });
  const hub = networkView(cloud).networks.find(({ name }) => name === 'hub');
  expect(hub?.subnets.flatMap(({ name, firewalls }) => firewalls.map((each) => [name, each]))).toEqual([
    [
      'AzureFirewallSubnet',
      expect.objectContaining({
        name: 'fw',
        address: expect.objectContaining({ text: '10.0.0.4' }) as unknown,
        publicAddresses: [ADDRESSES.firewall, ADDRESSES.second].map(
          (text) => expect.objectContaining({ text }) as unknown,
        ),
        policy: null,
        rules: 'DNAT 0, network 1, application 0',
      }),
    ],
  ]);
});
