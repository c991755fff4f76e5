import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectionLoad } from '../../../../src/model/snat/load.ts';
import { runLoads } from '../../../../src/model/snat/run-loads.ts';

const START = 1_000_000;
/** Seconds that a load balancer keeps a port after a connection was closed, `LOAD_BALANCER_PORT_HOLD`. */
const HOLD = 240;

type Workers = NonNullable<ConnectionLoad['workers']>;

function load(workers: Workers, openFor: number | null, more: Partial<ConnectionLoad> = {}): ConnectionLoad {
  return {
    protocol: 'tcp',
    destination: { address: '203.0.113.80', port: 443 },
    start: START,
    connections: null,
    perSecond: null,
    openFor,
    end: 'fin',
    stop: null,
    workers,
    ...more,
  };
}

const balancer = (ports: number) => ({ method: 'load-balancer', ports, idleTimeoutInMinutes: 4 }) as const;

/** Goes from one attempt to the next, and looks through all workers and all ports each time. */
function slowRun(ports: number, { workers, openFor, stop }: ConnectionLoad, until: number) {
  if (workers === undefined) throw new Error('a load without workers');
  const free = Array.from({ length: workers.count }, () => START + (workers.interval ?? 0));
  const made = free.map(() => 0);
  const released: number[] = [];
  let connected = 0;
  let failed = 0;
  for (;;) {
    const at = Math.min(...free);
    if (at > until || at >= (stop ?? Infinity)) break;
    const worker = free.indexOf(at);
    made[worker] = (made[worker] ?? 0) + 1;
    const taken = released.filter((each) => each > at).length;
    const again = at + (workers.interval ?? 0);
    let over: number;
    if (taken < ports) {
      connected++;
      const closes = Math.min(openFor === null ? Infinity : at + openFor, stop ?? Infinity);
      released.push(closes + HOLD);
      over = openFor === null ? Infinity : closes;
    } else {
      failed++;
      over = at + workers.giveUpAfter;
    }
    const isDone = workers.attempts !== null && (made[worker] ?? 0) >= workers.attempts;
    free[worker] = isDone ? Infinity : Math.max(over, again);
  }
  return { attempted: connected + failed, connected, failed };
}

const someWorkers = fc.record({
  count: fc.integer({ min: 1, max: 12 }),
  interval: fc.option(fc.integer({ min: 1, max: 30 })),
  giveUpAfter: fc.integer({ min: 1, max: 40 }),
  attempts: fc.option(fc.integer({ min: 1, max: 20 })),
});

describe('workers that try again', () => {
  test('agree with a slow twin', () => {
    fc.assert(
      fc.property(
        someWorkers,
        fc.integer({ min: 1, max: 20 }),
        // Without an interval something else must take time.
        fc.option(fc.integer({ min: 1, max: 60 })),
        fc.option(fc.integer({ min: 1, max: 900 })),
        (workers, ports, openFor, stop) => {
          const one = load(workers, openFor, { stop: stop === null ? null : START + stop });
          const { loads, state } = runLoads(balancer(ports), [one], START + 900);
          expect(loads[0]).toMatchObject(slowRun(ports, one, START + 900));
          expect(state.usedPorts.tcp).toBeLessThanOrEqual(ports);
          expect(loads[0]?.open).toBeLessThanOrEqual(workers.count);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a pool of kept connections fills the ports, and whoever has none tries every 20 seconds', () => {
    const pool = load({ count: 1200, interval: null, giveUpAfter: 20, attempts: null }, null);
    const { loads } = runLoads(balancer(1024), [pool], START + 59);
    expect(loads[0]).toMatchObject({ connected: 1024, open: 1024, failed: 3 * 176 });
  });

  test('5 connections a second need 1,200 ports, since each waits 240 seconds: of 1,024 none is left after 204', () => {
    const churn = load({ count: 5, interval: 1, giveUpAfter: 20, attempts: null }, 0.02);
    expect(runLoads(balancer(1024), [churn], START + 204).loads[0]).toMatchObject({ failed: 0 });
    expect(runLoads(balancer(1024), [churn], START + 206).loads[0]?.failed).toBeGreaterThan(0);
    expect(runLoads(balancer(1208), [churn], START + 3600).loads[0]).toMatchObject({ failed: 0 });
  });

  test('say when they were done', () => {
    const some = load({ count: 2, interval: 1, giveUpAfter: 20, attempts: 3 }, 0.5);
    expect(runLoads(balancer(8), [some], START + 60).loads[0]?.workersDone).toBe(START + 3.5);
    expect(runLoads(balancer(8), [some], START + 2).loads[0]?.workersDone).toBeNull();
  });

  test('leave no room for a rate or a number of connections besides', () => {
    const one = load({ count: 1, interval: 1, giveUpAfter: 1, attempts: null }, 1);
    expect(() => runLoads(balancer(8), [{ ...one, perSecond: 1 }], START)).toThrow(RangeError);
    expect(() => runLoads(balancer(8), [{ ...one, connections: 1 }], START)).toThrow(RangeError);
  });
});
