import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortInventory } from '../../../src/model/snat/inventory.ts';
import type { ConnectionLoad } from '../../../src/model/snat/load.ts';
import { runLoads } from '../../../src/model/snat/run-loads.ts';
import { runCalc } from '../../../src/planner/command-line.ts';
import { natGatewayPlan, takenOf } from '../../../src/planner/nat-gateway-load.ts';
import type { NatGatewayInput, SteadyLoad } from '../../../src/planner/nat-gateway-load.ts';

const steady: SteadyLoad = {
  protocol: 'tcp',
  kept: 0,
  perSecond: 1_000,
  openFor: 2,
  end: 'fin',
  destinations: 1,
};

const input: NatGatewayInput = {
  load: steady,
  idleTimeoutInMinutes: 4,
  addresses: null,
  nodes: 3,
  balancerIdleTimeoutInMinutes: 30,
  firewallInstances: 2,
};

const plan = (load: Partial<SteadyLoad>, more: Partial<NatGatewayInput> = {}) =>
  natGatewayPlan({ ...input, load: { ...steady, ...load }, ...more });

describe('what the formulas say is what a run of the load comes to', () => {
  const inventories: readonly PortInventory[] = [
    { method: 'nat-gateway', addresses: 1, idleTimeoutInMinutes: 4 },
    { method: 'load-balancer', ports: 0, idleTimeoutInMinutes: 4 },
    { method: 'firewall', addresses: 1, instances: 2 },
    { method: 'instance-public-ip' },
  ];
  const cases = fc.record({
    inventory: fc.constantFrom(...inventories),
    protocol: fc.constantFrom('tcp', 'udp'),
    kept: fc.integer({ min: 0, max: 20 }),
    // Powers of two, so that neither side rounds the moment at which a port comes back.
    perSecond: fc.integer({ min: -3, max: 5 }).map((power) => 2 ** power),
    openFor: fc.integer({ min: 0, max: 40 }).map((quarters) => quarters / 4),
    end: fc.constantFrom('fin', 'rst', 'idle', 'half-open'),
  });

  test('so many ports are enough, and one fewer is not', () => {
    fc.assert(
      fc.property(cases, ({ inventory, protocol, kept, perSecond, openFor, end }) => {
        const load: SteadyLoad = { protocol, kept, perSecond, openFor, end, destinations: 1 };
        const taken = takenOf(inventory, load, 1);
        // A silent socket of a machine's own address stays for good.
        fc.pre(taken.ports !== Infinity && taken.ports > 0);
        const destination = { address: '203.0.113.9', port: 443 };
        const common = { protocol, destination, start: 0, end, stop: null };
        const loads: readonly ConnectionLoad[] = [
          { ...common, end: 'fin', connections: kept, perSecond: null, openFor: null },
          { ...common, connections: null, perSecond, openFor },
        ];
        const until = Math.ceil(taken.ports / perSecond) + 10;
        const failed = (ports: number) =>
          runLoads(inventory, loads, until, { size: { ports } }).loads.reduce(
            (sum, each) => sum + each.failed,
            0,
          );
        expect(failed(taken.ports)).toBe(0);
        expect(failed(taken.ports - 1)).toBeGreaterThan(0);
        const run = runLoads(inventory, loads, until, { size: { ports: taken.ports } });
        expect(run.state.destinations[0]?.open).toBeLessThanOrEqual(taken.open);
      }),
      { numRuns: 200 },
    );
  });
});

describe('addresses', () => {
  test.each([
    ['ports that wait decide for short connections', {}, 2],
    ['the cap decides for long ones', { kept: 50_001, perSecond: 0 }, 2],
    ['50,000 kept ones are one address', { kept: 50_000, perSecond: 0 }, 1],
    ['RST frees ports sooner', { end: 'rst' }, 1],
    ['ten destinations need a tenth each', { perSecond: 9_000, destinations: 10 }, 1],
    ['a SYN that nobody answers takes 30 seconds', { end: 'half-open' }, 1],
    ['UDP takes its idle timeout and 65 seconds', { protocol: 'udp', perSecond: 210 }, 2],
  ] as const)('%s', (_, load, addresses) => {
    expect(plan(load)).toMatchObject({ addressesNeeded: addresses, shortage: null });
  });

  test('are told apart: what one destination may have, and what there is in all', () => {
    expect(plan({ kept: 50_001, perSecond: 0 }, { addresses: 1 }).shortage).toBe(
      'connections-to-one-destination',
    );
    expect(plan({}, { addresses: 1 }).shortage).toBe('ports');
    expect(plan({ kept: 2_000_001, perSecond: 0, destinations: 1_000 }).shortage).toBe('connections');
    expect(plan({ perSecond: 20_000 })).toMatchObject({ shortage: 'ports', gatewaysNeeded: 2 });
  });

  test('the largest rate fits, and a little more does not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom('fin', 'rst', 'idle'),
        (addresses, destinations, openFor, end) => {
          const load = { openFor, end, destinations };
          const most = plan(load, { addresses }).mostPerSecond ?? 0;
          expect(plan({ ...load, perSecond: most }, { addresses }).shortage).toBeNull();
          expect(plan({ ...load, perSecond: most * 1.001 }, { addresses }).shortage).not.toBeNull();
        },
      ),
    );
  });

  test('one more never makes a load too large', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 0, max: 900_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (addresses, kept, perSecond) => {
          const few = plan({ kept, perSecond }, { addresses });
          const more = plan({ kept, perSecond }, { addresses: addresses + 1 });
          if (few.shortage === null) expect(more.shortage).toBeNull();
        },
      ),
    );
  });
});

test('behind a load balancer the nodes that an upgrade adds need ports too', () => {
  const balancer = (nodes: number) =>
    plan({ kept: 60_000, perSecond: 0 }, { nodes }).others.find((each) => each.method === 'load-balancer');
  // Eleven nodes of 6,000 ports are more than the 64,000 of one address.
  expect(balancer(10)).toMatchObject({
    taken: { ports: 6_000 },
    counted: 11,
    settings: { allocated: 6_000, addresses: 2 },
  });
  // 50 nodes have 1,024 each, and 512 as soon as there are 55.
  expect(balancer(50)).toMatchObject({ counted: 55, defaultPorts: 512 });
});

test.each([
  ['it fits', '--per-second 10', 0],
  ['too small, reported', '--per-second 10000 --ips 1', 0],
  ['too small, checked', '--per-second 10000 --ips 1 --check', 1],
  ['no load', '', 2],
  ['no number', '--per-second many', 2],
  ['a minus', '--per-second -5', 2],
  ['an end that there is not', '--per-second 5 --end gone', 2],
  ['17 addresses', '--per-second 5 --ips 17', 2],
  ['an idle timeout of 3', '--per-second 5 --idle-timeout 3', 2],
  ['one firewall instance', '--per-second 5 --instances 1', 2],
])('the exit code when %s', (_, line, exitCode) => {
  expect(runCalc(['nat-gateway', ...line.split(' ').filter((each) => each !== '')]).exitCode).toBe(exitCode);
});

test.each([
  ['one', '--ips 1', '--public-ip-addresses ADDRESS'],
  ['two: a /31', '--ips 2', '--length 31'],
  ['three: a /30', '--ips 3', '--length 30'],
  ['sixteen: a /28', '--ips 16', '--length 28'],
])('commands for %s', (_, flags, part) => {
  const { stdout } = runCalc(['nat-gateway', '--per-second', '10', ...flags.split(' ')]);
  expect(stdout).toContain(part);
});
