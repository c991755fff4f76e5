import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortInventory } from '../../../../src/model/snat/inventory.ts';
import type { ConnectionLoad } from '../../../../src/model/snat/load.ts';
import { runLoads } from '../../../../src/model/snat/run-loads.ts';
import type { InventoryRun } from '../../../../src/model/snat/run-loads.ts';
import { slowRunLoads } from '../../../support/golden/slow-port-inventory.ts';

const load: ConnectionLoad = {
  protocol: 'tcp',
  destination: { address: '203.0.113.9', port: 443 },
  start: 0,
  connections: null,
  perSecond: 1,
  openFor: 0.5,
  end: 'fin',
  stop: null,
};

const balancer = (ports: number, idleTimeoutInMinutes = 4): PortInventory => ({
  method: 'load-balancer',
  ports,
  idleTimeoutInMinutes,
});
const gateway = (addresses: number): PortInventory => ({
  method: 'nat-gateway',
  addresses,
  idleTimeoutInMinutes: 4,
});

const inventories: fc.Arbitrary<PortInventory> = fc.oneof(
  fc.record({
    method: fc.constant('load-balancer' as const),
    ports: fc.integer({ min: 0, max: 9 }),
    idleTimeoutInMinutes: fc.constantFrom(4, 5),
  }),
  fc.record({
    method: fc.constant('nat-gateway' as const),
    addresses: fc.constant(1),
    idleTimeoutInMinutes: fc.constantFrom(4, 5),
  }),
  fc.constant({ method: 'instance-public-ip' as const }),
  fc.constant({ method: 'firewall' as const, addresses: 1, instances: 2 }),
);

const sizes = fc.record({
  ports: fc.integer({ min: 0, max: 9 }),
  connectionsToOneDestination: fc.integer({ min: 1, max: 9 }),
  connections: fc.integer({ min: 1, max: 14 }),
  udpPortsAreShared: fc.boolean(),
});

/** Times are quarters of seconds, which neither side rounds. */
const quarter = (most: number) => fc.integer({ min: 0, max: most * 4 }).map((ticks) => ticks / 4);

const loads: fc.Arbitrary<ConnectionLoad> = fc
  .record({
    protocol: fc.constantFrom('tcp', 'tcp', 'udp'),
    destination: fc.record({
      address: fc.constantFrom('203.0.113.9', '198.51.100.1'),
      port: fc.constantFrom(443, 80),
    }),
    start: quarter(30),
    connections: fc.option(fc.integer({ min: 0, max: 40 })),
    perSecond: fc.option(fc.constantFrom(0.25, 0.5, 1, 2, 4)),
    openFor: fc.option(quarter(40)),
    end: fc.constantFrom('fin', 'rst', 'idle', 'half-open'),
    runs: fc.option(quarter(100)),
  })
  .map(({ runs, connections, perSecond, ...rest }) => ({
    ...rest,
    perSecond,
    connections: perSecond === null ? (connections ?? 12) : connections,
    stop: runs === null ? null : rest.start + runs,
  }));

/** Programs with workers; none is free again at the moment of its attempt, which the twin cannot follow. */
const workerLoads: fc.Arbitrary<ConnectionLoad> = fc
  .record({
    load: loads,
    workers: fc.record({
      count: fc.integer({ min: 1, max: 6 }),
      interval: fc.option(fc.constantFrom(0.5, 2, 10)),
      giveUpAfter: fc.constantFrom(0.25, 5, 20),
      attempts: fc.option(fc.integer({ min: 1, max: 20 })),
    }),
  })
  .map(({ load: given, workers }) => ({
    ...given,
    protocol: 'tcp',
    connections: null,
    perSecond: null,
    openFor: given.openFor === null ? null : given.openFor + 0.25,
    workers,
  }));

const cases = fc.record({
  inventory: inventories,
  size: sizes,
  loads: fc.array(fc.oneof(loads, loads, workerLoads), { minLength: 1, maxLength: 5 }),
  until: quarter(400),
});

describe('a run of loads', () => {
  test('agrees with a twin that looks at every connection in every quarter of a second', () => {
    fc.assert(
      fc.property(cases, ({ inventory, size, loads: given, until }) => {
        const run = runLoads(inventory, given, until, { size });
        const slow = slowRunLoads(inventory, size, given, until);
        expect(run.loads).toMatchObject(slow.loads);
        expect(run.state.usedPorts).toEqual({ tcp: slow.usedTcp, udp: slow.usedUdp });
      }),
      { numRuns: 300 },
    );
  });

  test('never takes more than there is, and counts every attempt once', () => {
    fc.assert(
      fc.property(cases, ({ inventory, size, loads: given, until }) => {
        const run = runLoads(inventory, given, until, { size });
        for (const each of [...run.loads, ...run.samples]) {
          expect(each.attempted).toBe(each.connected + each.failed);
        }
        for (const { usedTcp, usedUdp } of run.samples) {
          expect(usedTcp).toBeLessThanOrEqual(size.ports);
          expect(usedUdp).toBeLessThanOrEqual(size.ports);
        }
        expectSound(run, size);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same run, stopped earlier or later', () => {
    fc.assert(
      fc.property(cases, quarter(200), ({ inventory, size, loads: given, until }, longer) => {
        const short = runLoads(inventory, given, until, { size });
        const long = runLoads(inventory, given, until + longer, { size });
        expect(long.samples.slice(0, short.samples.length)).toEqual(short.samples);
        for (const [index, each] of short.loads.entries()) {
          expect(long.loads[index]?.attempted).toBeGreaterThanOrEqual(each.attempted);
          expect(long.loads[index]?.failed).toBeGreaterThanOrEqual(each.failed);
        }
      }),
    );
  });

  // Not true of idle timeouts: a shorter one lets a long connection in that then keeps others out.
  test('more ports make no load fail more often', () => {
    fc.assert(
      fc.property(
        fc.array(loads, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        quarter(400),
        (given, ports, more, until) => {
          const few = runLoads(balancer(ports), given, until);
          const many = runLoads(balancer(ports + more), given, until);
          for (const [index, each] of few.loads.entries()) {
            expect(many.loads[index]?.failed).toBeLessThanOrEqual(each.failed);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function expectSound(run: InventoryRun, size: { readonly ports: number }): void {
  for (const each of run.state.destinations) {
    expect(each.open).toBeGreaterThanOrEqual(0);
    expect(each.taken).toBeGreaterThanOrEqual(each.open);
    expect(each.taken).toBeLessThanOrEqual(size.ports);
    expect(each.free).toBeGreaterThanOrEqual(0);
    expect(each.free + each.taken).toBeLessThanOrEqual(size.ports);
  }
  for (const protocol of ['tcp', 'udp'] as const) {
    const taken = run.state.destinations
      .filter((each) => each.protocol === protocol)
      .map((each) => each.taken);
    const used = run.state.usedPorts[protocol];
    expect(used).toBeGreaterThanOrEqual(Math.max(0, ...taken));
    expect(used).toBeLessThanOrEqual(taken.reduce((sum, each) => sum + each, 0));
  }
}

describe('who needs a port of its own', () => {
  const once = (change: Partial<ConnectionLoad>): ConnectionLoad => ({
    ...load,
    perSecond: null,
    connections: 8,
    openFor: null,
    ...change,
  });
  const other = { address: '203.0.113.9', port: 8443 };
  const elsewhere = { address: '198.51.100.1', port: 443 };
  const failures = (inventory: PortInventory, given: readonly ConnectionLoad[]) =>
    runLoads(inventory, given, 1).loads.map((each) => each.failed);

  test.each([
    ['TCP to one address and port', [once({}), once({})], [0, 8]],
    ['TCP to another port of the address shares', [once({}), once({ destination: other })], [0, 0]],
    ['TCP to another address shares', [once({}), once({ destination: elsewhere })], [0, 0]],
    ['UDP and TCP are apart', [once({}), once({ protocol: 'udp' })], [0, 0]],
    [
      'UDP to another port of the address does not share',
      [once({ protocol: 'udp' }), once({ protocol: 'udp', destination: other })],
      [0, 8],
    ],
    [
      'UDP to another address shares',
      [once({ protocol: 'udp' }), once({ protocol: 'udp', destination: elsewhere })],
      [0, 0],
    ],
    ['nine find eight ports', [once({ connections: 9 })], [1]],
  ])('behind a load balancer: %s', (_, given, failed) => {
    expect(failures(balancer(8), given)).toEqual(failed);
  });

  test('a gateway caps the connections to one destination below its ports', () => {
    const many = once({ connections: 60_000 });
    expect(failures(gateway(1), [many])).toEqual([10_000]);
    expect(failures(gateway(2), [many, { ...many, destination: elsewhere }])).toEqual([0, 0]);
  });

  test('a gateway has two million connections in all', () => {
    const loadsOf = Array.from({ length: 21 }, (_, index) =>
      once({ connections: 100_000, destination: { address: `198.51.100.${index}`, port: 443 } }),
    );
    const run = runLoads(gateway(2), loadsOf, 1);
    expect(run.loads.reduce((sum, each) => sum + each.connected, 0)).toBe(2_000_000);
    expect(run.loads.at(-1)?.failed).toBe(100_000);
  });

  test('a gateway takes unused ports first, and shares them when there are none', () => {
    const given = [once({ connections: 3 }), once({ connections: 3, destination: elsewhere })];
    const used = (ports: number) => runLoads(gateway(1), given, 1, { size: { ports } }).state.usedPorts.tcp;
    expect([used(6), used(4), used(3)]).toEqual([6, 4, 3]);
    expect(runLoads(balancer(6), given, 1).state.usedPorts.tcp).toBe(3);
  });

  test('UDP sockets of a machine with an address of its own share no port', () => {
    const given = [
      once({ protocol: 'udp', connections: 20_000 }),
      once({ protocol: 'udp', connections: 20_000, destination: elsewhere }),
    ];
    expect(failures({ method: 'instance-public-ip' }, given)).toEqual([0, 11_768]);
  });
});

describe('when a port comes back', () => {
  /** Seconds after the start at which a second connection finds the only port again. */
  function wait(inventory: PortInventory, change: Partial<ConnectionLoad>): number {
    const first = { ...load, connections: 1, openFor: 0, perSecond: 1, ...change };
    for (let second = 0; second < 3_000; second += 1) {
      const again = { ...first, start: second };
      const run = runLoads(inventory, [first, again], second, { size: { ports: 1 } });
      if (run.loads[1]?.failed === 0) return second;
    }
    return Infinity;
  }

  test.each([
    ['load balancer', balancer(1), 'fin', 240],
    ['load balancer', balancer(1), 'rst', 15],
    ['load balancer, 4 minutes', balancer(1), 'idle', 240],
    ['load balancer, 30 minutes', balancer(1, 30), 'idle', 1_800],
    ['load balancer, 30 minutes', balancer(1, 30), 'half-open', 1_800],
    ['NAT gateway', gateway(1), 'fin', 65],
    ['NAT gateway', gateway(1), 'rst', 16],
    ['NAT gateway', gateway(1), 'idle', 240],
    ['NAT gateway', gateway(1), 'half-open', 30],
    ['firewall', { method: 'firewall', addresses: 1, instances: 2 }, 'idle', 240],
    ['own address', { method: 'instance-public-ip' }, 'fin', 60],
    ['own address', { method: 'instance-public-ip' }, 'rst', 0],
    ['own address', { method: 'instance-public-ip' }, 'half-open', 127],
    ['own address', { method: 'instance-public-ip' }, 'idle', Infinity],
  ] as const)('%s, ended by %s %s: %d s', (_, inventory, end, seconds) => {
    expect(wait(inventory, { end })).toBe(seconds);
  });

  test.each([
    ['load balancer', balancer(1, 30), 1_800],
    ['NAT gateway', gateway(1), 305],
  ] as const)('UDP behind a %s: %d s, however it ends', (_, inventory, seconds) => {
    for (const end of ['fin', 'idle'] as const) {
      expect(wait(inventory, { protocol: 'udp', end })).toBe(seconds);
    }
  });

  test('a port that waits for one destination serves another', () => {
    const ended = { ...load, connections: 1, perSecond: null, openFor: 0 };
    const elsewhere = { ...ended, start: 1, destination: { address: '198.51.100.1', port: 443 } };
    const run = runLoads(gateway(1), [ended, { ...ended, start: 1 }, elsewhere], 1, { size: { ports: 1 } });
    expect(run.loads.map((each) => each.failed)).toEqual([0, 1, 0]);
  });

  test('a steady load fails once rate times hold passes the ports', () => {
    const steady = (perSecond: number) =>
      runLoads(balancer(1_024), [{ ...load, perSecond, openFor: 0 }], 3_600).loads[0]?.failed;
    expect(steady(4)).toBe(0);
    expect(steady(5)).toBeGreaterThan(0);
  });
});

describe('samples', () => {
  test('are taken at whole minutes after the start, what happens at that moment included', () => {
    const { samples } = runLoads(balancer(8), [{ ...load, start: 90, connections: 40 }], 240);
    expect(samples.map(({ at, attempted, failed }) => [at, attempted, failed])).toEqual([
      [120, 31, 23],
      [180, 40, 32],
      [240, 40, 32],
    ]);
  });

  test('are none before the first load', () => {
    expect(runLoads(balancer(8), [{ ...load, start: 600 }], 300)).toMatchObject({
      samples: [],
      loads: [{ attempted: 0, open: 0 }],
    });
    expect(runLoads(balancer(8), [], 300).samples).toEqual([]);
  });
});

describe('100,000 flows in 30 minutes', () => {
  const flows = { ...load, connections: 100_000, perSecond: 100_000 / 1_800, openFor: 2 };
  test.each([
    ['one destination behind a load balancer', balancer(1_024, 30), [flows]],
    ['one destination behind a NAT gateway', gateway(1), [flows]],
    [
      '200 destinations behind a NAT gateway',
      gateway(16),
      Array.from({ length: 200 }, (_, index) => ({
        ...flows,
        connections: 500,
        perSecond: 500 / 1_800,
        destination: { address: `198.51.100.${index}`, port: 443 },
      })),
    ],
  ])('take less than a second: %s', (_, inventory, given) => {
    runLoads(inventory, given, 60);
    // The best of three: another program may have the processor once.
    const took = [1, 2, 3].map(() => {
      const before = performance.now();
      const run = runLoads(inventory, given, 1_800);
      expect(run.loads.reduce((sum, each) => sum + each.attempted, 0)).toBe(100_000);
      return performance.now() - before;
    });
    expect(Math.min(...took)).toBeLessThan(1_000);
  });
});

test.each([
  ['no end and no rate', { connections: null, perSecond: null }],
  ['a rate of 0', { perSecond: 0 }],
  [
    'workers that never rest',
    {
      perSecond: null,
      openFor: 0,
      workers: { count: 1, interval: null, giveUpAfter: 1, attempts: null },
    },
  ],
])('a load with %s is a bug of the caller', (_, change) => {
  expect(() => runLoads(balancer(8), [{ ...load, ...change }], 10)).toThrow(RangeError);
});
