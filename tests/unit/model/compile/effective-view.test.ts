import { describe, expect, test } from 'vitest';
import { findResource, listResources, putResource } from '../../../../src/model/azure/resource-store.ts';
import type { Cloud } from '../../../../src/model/cloud.ts';
import { effectiveView } from '../../../../src/model/compile/effective-view.ts';
import type { EffectiveView } from '../../../../src/model/compile/effective-view.ts';
import { formatPrefix } from '../../../../src/model/ip/prefix.ts';
import { changeRoutes, changeSubnet, route, twoNodeCloud } from './two-node-cloud.ts';

const BASE = twoNodeCloud();

function view(cloud: Cloud, name: string): EffectiveView {
  const nic = findResource(cloud, 'Microsoft.Network/networkInterfaces', 'rg', `${name}VMNic`);
  const found = nic === null ? null : effectiveView(cloud, nic.id);
  if (found === null) throw new Error(`nothing is in force on ${name}`);
  return found;
}

/** `Active 10.244.0.0/24 VirtualAppliance 10.224.0.4`, without what every VNet has. */
function routes(cloud: Cloud, name: string): readonly string[] {
  return view(cloud, name).routes.map(({ state, prefix, nextHopType, nextHopIpAddress }) =>
    [state, formatPrefix(prefix), nextHopType, nextHopIpAddress ?? ''].join(' ').trim(),
  );
}

describe('effective routes', () => {
  test('in the subnet of the nodes: system, learned, and one per node', () => {
    expect(routes(BASE, 'neighbour')).toEqual([
      'Active 10.224.0.0/12 VnetLocal',
      'Active 10.1.0.0/16 VirtualNetworkGateway',
      'Active 0.0.0.0/0 Internet',
      'Active 10.0.0.0/8 None',
      'Active 172.16.0.0/12 None',
      'Active 192.168.0.0/16 None',
      'Active 100.64.0.0/10 None',
      'Active 10.244.0.0/24 VirtualAppliance 10.224.0.4',
      'Active 10.244.1.0/24 VirtualAppliance 10.224.0.5',
    ]);
  });

  test('in a subnet without the route table the pod ranges are missing', () => {
    expect(routes(BASE, 'peer').filter((each) => each.includes('10.244.'))).toEqual([]);
  });

  test('a default route invalidates the system one and takes the None routes away', () => {
    const cloud = changeRoutes(BASE, (before) => [
      ...before,
      route('default', '0.0.0.0/0', 'VirtualAppliance', '10.225.0.99'),
    ]);
    const found = routes(cloud, 'neighbour');
    expect(found).toContain('Invalid 0.0.0.0/0 Internet');
    expect(found).toContain('Active 0.0.0.0/0 VirtualAppliance 10.225.0.99');
    expect(found.filter((each) => each.endsWith('None'))).toEqual([]);
  });

  test('a user-defined route beats a learned one of the same prefix', () => {
    const cloud = changeRoutes(BASE, (before) => [...before, route('office', '10.1.0.0/16', 'None')]);
    expect(routes(cloud, 'neighbour')).toContain('Invalid 10.1.0.0/16 VirtualNetworkGateway');
    expect(routes(cloud, 'neighbour')).toContain('Active 10.1.0.0/16 None');
  });

  test('without propagation nothing is learned', () => {
    const [table] = listResources(BASE, 'Microsoft.Network/routeTables');
    if (table === undefined) throw new Error('no route table');
    const cloud = putResource(BASE, { ...table, disableBgpRoutePropagation: true });
    expect(routes(cloud, 'neighbour').filter((each) => each.includes('VirtualNetworkGateway'))).toEqual([]);
    expect(view(cloud, 'neighbour').disableBgpRoutePropagation).toBe(true);
  });
});

describe('effective security rules', () => {
  test('the VirtualNetwork tag holds the pod ranges where user-defined routes name them', () => {
    expect(view(BASE, 'neighbour').expandTag('VirtualNetwork')).toEqual([
      '10.1.0.0/16',
      '10.224.0.0/12',
      '10.244.0.0/23',
      '168.63.129.16/32',
    ]);
    expect(view(BASE, 'peer').expandTag('VirtualNetwork')).toEqual([
      '10.1.0.0/16',
      '10.224.0.0/12',
      '168.63.129.16/32',
    ]);
  });

  test('a default route to an appliance widens the tag to everything', () => {
    const cloud = changeRoutes(BASE, (before) => [
      ...before,
      route('default', '0.0.0.0/0', 'VirtualAppliance', '10.225.0.99'),
    ]);
    expect(view(cloud, 'neighbour').expandTag('VirtualNetwork')).toEqual(['0.0.0.0/0']);
  });

  test('a tag of an Azure service has no content here', () => {
    expect(view(BASE, 'neighbour').expandTag('Storage')).toBeNull();
  });

  test('a NIC in the managed subnet has the subnet’s group; elsewhere none', () => {
    expect(view(BASE, 'neighbour').groups.map((each) => each.on)).toEqual(['subnet']);
    expect(
      view(changeSubnet(BASE, 'aks-subnet', { networkSecurityGroup: null }), 'neighbour').groups,
    ).toEqual([]);
    expect(view(BASE, 'peer').groups).toEqual([]);
  });

  test('nothing is in force on a NIC whose machine is off', () => {
    const vm = findResource(BASE, 'Microsoft.Compute/virtualMachines', 'rg', 'peer');
    const nic = findResource(BASE, 'Microsoft.Network/networkInterfaces', 'rg', 'peerVMNic');
    if (vm === null || nic === null) throw new Error('no peer');
    expect(effectiveView(putResource(BASE, { ...vm, powerState: 'VM deallocated' }), nic.id)).toBeNull();
  });
});
