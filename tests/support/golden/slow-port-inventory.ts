/** Source ports, obviously right and slow: every connection is looked at in every quarter of a second. */
import type { PortInventory } from '../../../src/model/snat/inventory.ts';
import type { ConnectionLoad } from '../../../src/model/snat/load.ts';

export const TICKS_PER_SECOND = 4;

interface Connection {
  readonly load: number;
  readonly key: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** When it is over, and when its port may be used towards the same destination; in ticks. */
  readonly over: number;
  readonly free: number;
}

export interface SlowSize {
  readonly ports: number;
  readonly connectionsToOneDestination: number;
  readonly connections: number;
  readonly udpPortsAreShared: boolean;
}

export interface SlowRun {
  readonly usedTcp: number;
  readonly usedUdp: number;
  readonly loads: readonly SlowCount[];
}

interface SlowCount {
  attempted: number;
  connected: number;
  failed: number;
  open: number;
  lastFailed: number | null;
}

/** What a worker of a load does: when it is free again, in ticks, and how often it has tried. */
interface Worker {
  free: number;
  made: number;
}

/** Loads must start at whole ticks, and their attempts, times and ends fall on ticks. */
export function slowRunLoads(
  inventory: PortInventory,
  size: SlowSize,
  loads: readonly ConnectionLoad[],
  until: number,
): SlowRun {
  const counts: readonly SlowCount[] = loads.map(() => ({
    attempted: 0,
    connected: 0,
    failed: 0,
    open: 0,
    lastFailed: null,
  }));
  const workers = loads.map(workersOf);
  let connections: Connection[] = [];
  const begin = Math.min(until, ...loads.map((each) => each.start)) * TICKS_PER_SECOND;
  for (let now = begin; now <= until * TICKS_PER_SECOND; now += 1) {
    for (const [index, load] of loads.entries()) {
      const count = counts[index];
      if (count === undefined) continue;
      const attempt = (): Connection | null => {
        // What is over at this tick is gone before the next attempt, were it opened at this tick.
        connections = connections.filter((each) => each.free > now);
        count.attempted += 1;
        const port = portFor(inventory, size, connections, load, now);
        if (port === null) {
          count.failed += 1;
          count.lastFailed = now / TICKS_PER_SECOND;
          return null;
        }
        count.connected += 1;
        const made = {
          load: index,
          key: keyOf(inventory, load),
          protocol: load.protocol,
          port,
          ...endOf(inventory, load, now),
        };
        connections.push(made);
        return made;
      };
      for (let times = attemptsAt(load, now, count.attempted); times > 0; times -= 1) attempt();
      // One pass is enough: no worker is free again at the tick of its attempt.
      for (const worker of workers[index] ?? []) {
        if (isBusy(load, worker, now)) continue;
        const made = attempt();
        worker.made += 1;
        worker.free = freeAgain(load, made, now);
      }
    }
  }
  const end = until * TICKS_PER_SECOND;
  connections = connections.filter((each) => each.free > end);
  for (const [index, count] of counts.entries()) {
    count.open = connections.filter((each) => each.load === index && each.over > end).length;
  }
  const used = (protocol: string) =>
    new Set(connections.filter((each) => each.protocol === protocol).map((each) => each.port)).size;
  return { usedTcp: used('tcp'), usedUdp: used('udp'), loads: counts };
}

function workersOf({ workers, start }: ConnectionLoad): Worker[] {
  const first = (start + (workers?.interval ?? 0)) * TICKS_PER_SECOND;
  return Array.from({ length: workers?.count ?? 0 }, () => ({ free: first, made: 0 }));
}

function isBusy({ workers, stop }: ConnectionLoad, { free, made }: Worker, now: number): boolean {
  if (workers === undefined || now < free) return true;
  if (workers.attempts !== null && made >= workers.attempts) return true;
  return stop !== null && now >= stop * TICKS_PER_SECOND;
}

function freeAgain({ workers, end, openFor }: ConnectionLoad, made: Connection | null, now: number): number {
  if (workers === undefined) return Infinity;
  const paced = now + (workers.interval ?? 0) * TICKS_PER_SECOND;
  const gaveUp = now + workers.giveUpAfter * TICKS_PER_SECOND;
  if (made === null || end === 'half-open') return Math.max(paced, gaveUp);
  return openFor === null ? Infinity : Math.max(paced, made.over);
}

function attemptsAt(load: ConnectionLoad, now: number, sofar: number): number {
  if (load.workers !== undefined) return 0;
  const start = load.start * TICKS_PER_SECOND;
  if (now < start) return 0;
  if (load.stop !== null && now >= load.stop * TICKS_PER_SECOND && now !== start) return 0;
  const left = (load.connections ?? Infinity) - sofar;
  if (load.perSecond === null) return now === start ? left : 0;
  // Attempt i is due i / rate seconds after the start.
  const due = Math.floor(((now - start) / TICKS_PER_SECOND) * load.perSecond) + 1;
  return Math.min(left, due - sofar);
}

function keyOf(inventory: PortInventory, { protocol, destination }: ConnectionLoad): string {
  return protocol === 'udp' && inventory.method === 'load-balancer'
    ? `udp ${destination.address}`
    : `${protocol} ${destination.address} ${destination.port}`;
}

function portFor(
  inventory: PortInventory,
  size: SlowSize,
  connections: readonly Connection[],
  load: ConnectionLoad,
  now: number,
): number | null {
  const key = keyOf(inventory, load);
  const open = connections.filter((each) => each.over > now);
  if (open.length >= size.connections) return null;
  if (open.filter((each) => each.key === key).length >= size.connectionsToOneDestination) return null;
  const same = connections.filter((each) => each.protocol === load.protocol);
  const rivals =
    load.protocol === 'udp' && !size.udpPortsAreShared ? same : same.filter((each) => each.key === key);
  const all = Array.from({ length: size.ports }, (_, port) => port);
  const free = all.filter((port) => !rivals.some((each) => each.port === port));
  if (inventory.method === 'nat-gateway') {
    const unused = all.find((port) => !same.some((each) => each.port === port));
    if (unused !== undefined) return unused;
  }
  return free[0] ?? null;
}

/** Seconds after the last packet, by method; written out as the pages of Azure and Linux put them. */
function endOf(inventory: PortInventory, load: ConnectionLoad, now: number): { over: number; free: number } {
  const stop = load.stop === null ? Infinity : load.stop * TICKS_PER_SECOND;
  const last = Math.min(load.openFor === null ? Infinity : now + load.openFor * TICKS_PER_SECOND, stop);
  const after = (idle: number, hold: number, from = last) => ({
    over: from + idle * TICKS_PER_SECOND,
    free: from + (idle + hold) * TICKS_PER_SECOND,
  });
  const { method } = inventory;
  if (load.protocol === 'udp') {
    switch (method) {
      case 'load-balancer':
        return after(inventory.idleTimeoutInMinutes * 60, 0);
      case 'nat-gateway':
        return after(240, 65);
      case 'firewall':
        return after(240, 0);
      case 'instance-public-ip':
        return after(0, 0, load.end === 'idle' ? stop : last);
    }
  }
  switch (load.end) {
    case 'fin':
      return after(
        0,
        { 'load-balancer': 240, firewall: 240, 'nat-gateway': 65, 'instance-public-ip': 60 }[method],
      );
    case 'rst':
      return after(
        0,
        { 'load-balancer': 15, firewall: 15, 'nat-gateway': 16, 'instance-public-ip': 0 }[method],
      );
    case 'idle':
      if (method === 'instance-public-ip') return after(0, 60, stop);
      return after(method === 'firewall' ? 240 : inventory.idleTimeoutInMinutes * 60, 0);
    case 'half-open':
      switch (method) {
        case 'load-balancer':
          return after(inventory.idleTimeoutInMinutes * 60, 0, now);
        case 'firewall':
          return after(240, 0, now);
        case 'nat-gateway':
          return after(30, 0, now);
        case 'instance-public-ip':
          return after(127, 0, now);
      }
  }
}
