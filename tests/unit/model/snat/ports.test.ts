import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortInventory } from '../../../../src/model/snat/inventory.ts';
import {
  defaultPortsPerNode,
  inventorySize,
  leastAddressesForPorts,
  mostNodesWithPorts,
  portsPerNode,
  usablePorts,
} from '../../../../src/model/snat/ports.ts';

/** https://learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections, read 2023-03-06. */
describe("Azure's table", () => {
  test.each([
    [1, 1, 1_024],
    [50, 1, 1_024],
    [51, 1, 512],
    [100, 1, 512],
    [101, 1, 256],
    [200, 1, 256],
    [201, 1, 128],
    [400, 1, 128],
    [401, 1, 64],
    [800, 1, 64],
    [801, 1, 32],
    [1_000, 1, 32],
    [1_001, 1, null],
    [50, 2, 1_024],
    [100, 2, 1_024],
    [200, 3, 768],
    [1_000, 10, 320],
    [1_000, 100, 1_024],
  ])('%d nodes, %d addresses: %s', (nodes, addresses, ports) => {
    expect(defaultPortsPerNode(nodes, addresses)).toBe(ports);
  });

  test('never gives away more than the addresses have', () => {
    for (let nodes = 1; nodes <= 1_000; nodes += 1) {
      for (const addresses of [1, 2, 3, 7, 16, 100]) {
        const ports = defaultPortsPerNode(nodes, addresses) ?? Infinity;
        expect(nodes * ports).toBeLessThanOrEqual(usablePorts(addresses));
      }
    }
  });

  test('gives a node no more when there are more nodes, and no less when there are more addresses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 99 }), (nodes, addresses) => {
        const ports = defaultPortsPerNode(nodes, addresses) ?? 0;
        expect(defaultPortsPerNode(nodes + 1, addresses)).toBeLessThanOrEqual(ports);
        expect(defaultPortsPerNode(nodes, addresses + 1)).toBeGreaterThanOrEqual(ports);
      }),
    );
  });

  test('is left aside while the ports are fixed', () => {
    expect(portsPerNode({ nodes: 2_000, addresses: 1, allocated: 32 })).toBe(32);
  });
});

test('nodes and addresses for fixed ports: so many fit, and one more does not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8_000 }).map((each) => each * 8),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 5_000 }),
      (ports, addresses, nodes) => {
        const most = mostNodesWithPorts(ports, addresses);
        expect(most * ports).toBeLessThanOrEqual(usablePorts(addresses));
        expect((most + 1) * ports).toBeGreaterThan(usablePorts(addresses));
        const least = leastAddressesForPorts(nodes, ports);
        expect(nodes * ports).toBeLessThanOrEqual(usablePorts(least));
        if (least > 1) expect(nodes * ports).toBeGreaterThan(usablePorts(least - 1));
      },
    ),
  );
});

/** Sums that public pages do in full. */
describe('documented sizes', () => {
  const firewall = (addresses: number, instances: number): PortInventory => ({
    method: 'firewall',
    addresses,
    instances,
  });
  const gateway = (addresses: number): PortInventory => ({
    method: 'nat-gateway',
    addresses,
    idleTimeoutInMinutes: 4,
  });
  test.each([
    // https://learn.microsoft.com/azure/firewall/firewall-known-issues
    ['a firewall with one address and two instances', firewall(1, 2), 4_992],
    // https://learn.microsoft.com/azure/aks/limit-egress-traffic asks for 20 addresses
    ['a firewall with 20 addresses', firewall(20, 2), 99_840],
    // https://learn.microsoft.com/azure/firewall/integrate-with-nat-gateway
    ['a firewall with 250 addresses', firewall(250, 2), 1_248_000],
    // https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource
    ['a NAT gateway with one address', gateway(1), 64_512],
    ['a NAT gateway with 16 addresses', gateway(16), 1_032_192],
    // https://www.kernel.org/doc/Documentation/networking/ip-sysctl.rst
    ['a machine with an address of its own', { method: 'instance-public-ip' } as const, 28_232],
  ])('%s: %s', (_, inventory, ports) => {
    expect(inventorySize(inventory).ports).toBe(ports);
  });

  test('3,400 ports and one address are 18 nodes: the nearest integer would be one too many', () => {
    expect(mostNodesWithPorts(3_400, 1)).toBe(18);
    expect(19 * 3_400).toBeGreaterThan(usablePorts(1));
  });

  test('a NAT gateway has 50,000 connections for each address to one destination, and two million in all', () => {
    expect(inventorySize(gateway(16))).toMatchObject({
      connectionsToOneDestination: 800_000,
      connections: 2_000_000,
    });
  });
});
