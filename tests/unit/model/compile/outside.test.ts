import { describe, expect, test } from 'vitest';
import { createNetworkInterface } from '../../../../src/model/azure/network-interface.ts';
import { createNetworkSecurityGroup } from '../../../../src/model/azure/network-security-group.ts';
import { createPublicIpAddress } from '../../../../src/model/azure/public-ip-address.ts';
import { createResourceGroup } from '../../../../src/model/azure/resource-group.ts';
import { findResource, putResource, resourceId } from '../../../../src/model/azure/resource-store.ts';
import type { LoadBalancer } from '../../../../src/model/azure/resources.ts';
import { createSecurityRule, SECURITY_RULE_DEFAULTS } from '../../../../src/model/azure/security-rule.ts';
import { newCloud } from '../../../../src/model/azure/subscription.ts';
import { createVirtualMachine, setListeners } from '../../../../src/model/azure/virtual-machine.ts';
import { createVirtualNetwork } from '../../../../src/model/azure/virtual-network.ts';
import type { Cloud, OutsideHost } from '../../../../src/model/cloud.ts';
import { ask } from '../../../../src/model/compile/ask.ts';
import type { Answer } from '../../../../src/model/compile/ask.ts';
import { compile } from '../../../../src/model/compile/compile.ts';
import { formatAddress } from '../../../../src/model/ip/address.ts';
import { unwrap } from '../../../../src/model/result.ts';
import { GROUP, kubenetCloud } from './kubenet-cloud.ts';

interface MachineOptions {
  readonly publicIp?: string;
  readonly securityGroup?: string;
  readonly address?: string;
  readonly network?: string;
}

function base(
  subnet: { readonly defaultOutboundAccess?: boolean } = {},
  outsideHosts: readonly OutsideHost[] = [],
): Cloud {
  let cloud = unwrap(createResourceGroup(newCloud({ outsideHosts }), { name: 'rg', location: 'westeurope' }));
  cloud = unwrap(createPublicIpAddress(cloud, { resourceGroup: 'rg', name: 'pip' }));
  cloud = unwrap(createNetworkSecurityGroup(cloud, { resourceGroup: 'rg', name: 'nsg' }));
  return addNetwork(cloud, 'vnet', subnet);
}

function addNetwork(
  cloud: Cloud,
  name: string,
  subnet: { readonly defaultOutboundAccess?: boolean } = {},
): Cloud {
  return unwrap(
    createVirtualNetwork(cloud, {
      resourceGroup: 'rg',
      name,
      addressPrefixes: ['10.30.0.0/16'],
      subnets: [{ name: 'default', addressPrefix: '10.30.0.0/24', ...subnet }],
    }),
  );
}

function addMachine(
  cloud: Cloud,
  name: string,
  { publicIp, securityGroup, address, network = 'vnet' }: MachineOptions = {},
): Cloud {
  const id = (type: string, of: string): string => resourceId(cloud, 'rg', type, of);
  let next = unwrap(
    createNetworkInterface(cloud, {
      resourceGroup: 'rg',
      name: `${name}-nic`,
      networkSecurityGroupId:
        securityGroup === undefined ? null : id('Microsoft.Network/networkSecurityGroups', securityGroup),
      ipConfiguration: {
        name: 'ipconfig1',
        subnetId: `${id('Microsoft.Network/virtualNetworks', network)}/subnets/default`,
        privateIPAddress: address ?? null,
        publicIPAddressId:
          publicIp === undefined ? null : id('Microsoft.Network/publicIPAddresses', publicIp),
      },
    }),
  );
  next = unwrap(
    createVirtualMachine(next, {
      resourceGroup: 'rg',
      name,
      vmSize: 'Standard_B1s',
      imageReference: 'Ubuntu2204',
      adminUsername: 'azureuser',
      networkInterfaces: [id('Microsoft.Network/networkInterfaces', `${name}-nic`)],
    }),
  );
  return setListeners(next, id('Microsoft.Compute/virtualMachines', name), [
    { protocol: 'tcp', port: 80, program: 'nginx', application: 'http' },
  ]);
}

function allowWeb(cloud: Cloud): Cloud {
  return unwrap(
    createSecurityRule(
      cloud,
      { resourceGroup: 'rg', networkSecurityGroup: 'nsg', name: 'web' },
      { ...SECURITY_RULE_DEFAULTS, priority: 100, sourceAddressPrefixes: ['Internet'], protocol: 'Tcp' },
    ),
  );
}

function answer(cloud: Cloud, from: string, to: string, protocol: 'tcp' | 'icmp' = 'tcp'): Answer {
  return unwrap(ask(cloud, { from, to, protocol }));
}

function seen({ trace }: Answer): string | null {
  return trace.seenSource === null ? null : formatAddress(trace.seenSource.address);
}

const publicAddress = (cloud: Cloud): string | null =>
  findResource(cloud, 'Microsoft.Network/publicIPAddresses', 'rg', 'pip')?.ipAddress ?? null;

describe('ways to the internet', () => {
  test('a public address of its own is what the internet sees, for ping too', () => {
    const cloud = addMachine(base(), 'vm', { publicIp: 'pip' });
    expect(seen(answer(cloud, 'vm/vm', 'internet'))).toBe(publicAddress(cloud));
    expect(seen(answer(cloud, 'vm/vm', 'internet', 'icmp'))).toBe(publicAddress(cloud));
  });

  test('without one, default outbound access lends an address that is nobody else’s', () => {
    const cloud = addMachine(addMachine(base(), 'one', { publicIp: 'pip' }), 'two');
    const lent = seen(answer(cloud, 'vm/two', 'internet'));
    expect(lent).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    expect([publicAddress(cloud), '203.0.113.80']).not.toContain(lent);
    expect(answer(cloud, 'vm/two', 'internet', 'icmp').trace.disposition).toBe('no-outbound-path');
  });

  test('a neighbour’s public address is reached with the public address of the caller', () => {
    const open = allowWeb(addMachine(base(), 'open', { publicIp: 'pip', securityGroup: 'nsg' }));
    const cloud = addMachine(open, 'caller');
    const there = publicAddress(cloud) ?? '';
    const found = answer(cloud, 'vm/caller', there);
    expect(found.trace.disposition).toBe('delivered');
    expect(found.trace.hops.map((hop) => hop.place)).toEqual([
      'vm/caller',
      'fabric/vnet',
      'edge/vnet',
      'fabric/vnet',
      'vm/open',
    ]);
    expect(seen(found)).toBe(seen(answer(cloud, 'vm/caller', 'internet')));
    expect(answer(cloud, 'vm/caller', there, 'icmp').trace.disposition).toBe('no-outbound-path');
  });

  test('an address that only lends itself outwards takes nothing in, from the VNet either', () => {
    const cloud = addMachine(addMachine(base(), 'one', { publicIp: 'pip' }), 'two');
    const lent = seen(answer(cloud, 'vm/two', 'internet')) ?? '';
    for (const from of ['vm/one', 'vm/two', 'internet']) {
      expect(answer(cloud, from, lent).trace.disposition, from).toBe('denied-inbound');
    }
  });

  test('a private subnet has no way out, and says so', () => {
    const { trace } = answer(addMachine(base({ defaultOutboundAccess: false }), 'vm'), 'vm/vm', 'internet');
    expect(trace.disposition).toBe('no-outbound-path');
    expect(trace.reason).toMatch(/subnet default is private, defaultOutboundAccess false/);
  });

  test('a load balancer without an outbound rule ends default outbound access', () => {
    const cloud = kubenetCloud();
    const balancer = findResource(cloud, 'Microsoft.Network/loadBalancers', GROUP, 'kubernetes');
    if (balancer === null) throw new Error('no load balancer');
    const changed: LoadBalancer = { ...balancer, outboundRules: [] };
    const { trace } = answer(putResource(cloud, changed), 'pod/web-0-0', 'internet');
    expect(trace.disposition).toBe('no-outbound-path');
    expect(trace.reason).toMatch(/load balancer has no outbound rule/);
  });

  test('outbound rules translate TCP and UDP, so a pod cannot ping the internet', () => {
    const { trace } = answer(kubenetCloud(), 'pod/web-0-0', 'internet', 'icmp');
    expect(trace.disposition).toBe('no-outbound-path');
    expect(trace.reason).toMatch(
      /load balancer kubernetes \(its outbound rules translate tcp and udp only\)/,
    );
  });
});

describe('ways in from the internet', () => {
  test('a Standard public address is closed without any NSG', () => {
    const { trace } = answer(addMachine(base(), 'vm', { publicIp: 'pip' }), 'internet', 'vm/vm');
    expect(trace.disposition).toBe('denied-inbound');
    expect(trace.reason).toMatch(/Standard public IP pip \(closed until an NSG/);
  });

  test('an NSG with only default rules denies', () => {
    const { trace } = answer(
      addMachine(base(), 'vm', { publicIp: 'pip', securityGroup: 'nsg' }),
      'internet',
      'vm/vm',
    );
    expect(trace.disposition).toBe('denied-inbound');
    expect(trace.reason).toMatch(/^DenyAllInBound \(priority 65500\) of NSG nsg on the NIC/);
  });

  test('a rule for the Internet tag opens the port, and the VM sees the client', () => {
    const cloud = allowWeb(addMachine(base(), 'vm', { publicIp: 'pip', securityGroup: 'nsg' }));
    const found = answer(cloud, 'internet', 'vm/vm');
    expect(found.trace.disposition).toBe('delivered');
    expect(seen(found)).toBe('203.0.113.80');
    expect(found.trace.hops.map((hop) => hop.place)).toEqual([
      'host/internet',
      'edge/internet',
      'edge/vnet',
      'fabric/vnet',
      'vm/vm',
    ]);
  });

  test('the private address of a VM is no address on the internet', () => {
    const { trace } = answer(addMachine(base(), 'vm'), 'internet', 'vm/vm');
    expect(trace.disposition).toBe('no-route');
  });
});

describe('VNets beside each other', () => {
  test('an address of the other VNet reaches whoever has it here, and the answer remarks on it', () => {
    let cloud = addNetwork(base(), 'twin');
    cloud = addMachine(cloud, 'here', { address: '10.30.0.4' });
    cloud = addMachine(cloud, 'sender', { address: '10.30.0.5' });
    cloud = addMachine(cloud, 'there', { address: '10.30.0.4', network: 'twin' });
    const found = answer(cloud, 'vm/sender', 'vm/there');
    expect(found.trace.reason).toContain('vm/here');
    expect(found.remarks).toEqual(['the packet reached vm/here, which has the same address as vm/there']);
    expect(unwrap(ask(cloud, { from: 'vm/sender', to: '10.30.0.4' })).remarks).toEqual([]);
    const ambiguous = ask(cloud, { from: '10.30.0.4', to: 'internet' });
    expect(ambiguous.ok ? '' : ambiguous.error.message).toMatch(
      /address of vm\/here and vm\/there; say which/,
    );
  });

  test('a machine that is deallocated does not answer, and does not send', () => {
    const cloud = addMachine(addMachine(base(), 'one'), 'two');
    const two = findResource(cloud, 'Microsoft.Compute/virtualMachines', 'rg', 'two');
    if (two === null) throw new Error('no VM');
    const off = putResource(cloud, { ...two, powerState: 'VM deallocated' });
    const { trace } = answer(off, 'vm/one', 'vm/two');
    expect(trace.disposition).toBe('next-hop-unreachable');
    expect(trace.reason).toMatch(/VM two \(not running: VM deallocated\)/);
    const from = ask(off, { from: 'vm/two', to: 'vm/one' });
    expect(from.ok ? '' : from.error.message).toMatch(/vm\/two cannot send: it is not running/);
  });
});

describe('on-premises hosts', () => {
  const office: OutsideHost = {
    kind: 'on-premises',
    name: 'office',
    address: '10.1.2.3',
    prefix: '10.1.0.0/16',
    virtualNetwork: 'vnet',
    ports: [80],
  };

  test('a host named for a VNet is behind its gateway, both ways', () => {
    const cloud = addMachine(base({}, [office]), 'vm');
    expect(answer(cloud, 'vm/vm', 'host/office').trace.disposition).toBe('delivered');
    expect(seen(answer(cloud, 'host/office', 'vm/vm'))).toBe('10.1.2.3');
  });

  test('a host for a VNet that is not there is reported and reaches nothing', () => {
    const cloud = addMachine(base({}, [{ ...office, virtualNetwork: 'vnot' }]), 'vm');
    expect(compile(cloud).diagnostics).toEqual([
      { about: 'host office', message: 'is not connected: there is no virtual network named vnot' },
    ]);
    expect(answer(cloud, 'host/office', 'vm/vm').trace.disposition).toBe('no-route');
    expect(answer(cloud, 'vm/vm', 'host/office').trace.disposition).toBe('dropped-by-route');
  });

  test('how it reaches the internet is not known', () => {
    expect(answer(base({}, [office]), 'host/office', 'internet').trace.disposition).toBe('undetermined');
  });
});
