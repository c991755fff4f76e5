/** What hey and wrk share: the connections that a run opens, and what becomes of its requests. */
import type { Cloud } from '../../model/cloud.ts';
import { compileUnloaded } from '../../model/compile/compile.ts';
import { requestFor } from '../../model/compile/ends.ts';
import type { LoadProgram } from '../../model/kubernetes/load-program.ts';
import type { ConnectionLoad, TrafficRun, WayOut } from '../../model/snat/load.ts';
import { runLoads } from '../../model/snat/run-loads.ts';
import type { LoadCount } from '../../model/snat/run-loads.ts';
import {
  connectionLoad,
  handshakeSeconds,
  intervalSeconds,
  requestSeconds,
} from '../../model/traffic/connection-load.ts';
import type { Reach } from '../../model/traffic/connection-load.ts';
import { store } from '../../model/traffic/follow-traffic.ts';
import { reachOf } from '../../model/traffic/reach.ts';
import { allRuns, inventoryKey } from '../../model/traffic/traffic-state.ts';
import { attempt, fareOf } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { lookUp } from './name-lookup.ts';
import type { LookupProblem } from './name-lookup.ts';
import type { NetworkView } from './network-view.ts';

export interface LoadOutcome {
  /** The address that the URL's name stands for. */
  readonly address: string;
  /** What the first connection would meet if nobody used the network. */
  readonly first: Attempt;
  /** Requests that had an answer, and those that ended in an error. */
  readonly answered: number;
  readonly failed: number;
  /** Answers that waited for a new connection first. */
  readonly dialled: number;
  /** Of the whole run. */
  readonly seconds: number;
  readonly requestSeconds: number;
  readonly handshakeSeconds: number;
  /** With the run stored, if it took anybody's ports. */
  readonly cloud: Cloud;
}

export type LoadProblem =
  | { readonly kind: 'name'; readonly problem: LookupProblem }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'too-much'; readonly connections: number };

/** More would take this computer too long. */
const MOST_CONNECTIONS = 5_000_000;

/** Runs the program from a place to its end. */
export function runProgram(
  view: NetworkView,
  program: LoadProgram,
  command: string,
): LoadOutcome | LoadProblem {
  const found = lookUp(view, program.url.host);
  if (!found.ok) return { kind: 'name', problem: found.error };
  const [address = ''] = found.value.addresses;
  const reached = address.startsWith('127.')
    ? null
    : reachOf(compileUnloaded(view.cloud), view.place, program.url);
  const first =
    reached === null
      ? attempt(view, address, 'tcp', program.url.port, requestFor(program.url.scheme, program.url.host))
      : fareOf(view, reached.trace, program.url.host);
  if (first.kind === 'unknown') return { kind: 'unknown', reason: first.reason };
  const reach: Reach = reached?.reach ?? {
    destination: { address, port: program.url.port },
    roundTripSeconds: 0.00005,
    outcome: first.kind === 'connected' ? 'answered' : first.kind === 'timeout' ? 'unanswered' : 'refused',
  };
  const start = view.cloud.now;
  const stop = program.seconds === null ? null : start + program.seconds;
  const load = connectionLoad(program, reach, { start, stop });
  const expected = expectedConnections(program, load);
  if (expected > MOST_CONNECTIONS) return { kind: 'too-much', connections: expected };
  const way = reached?.way ?? null;
  const sums = way === null ? alone(program, load, reach) : among(view.cloud, program, load, reach, way);
  const end = start + sums.seconds;
  const run: TrafficRun = {
    ...load,
    stop: end,
    from: view.place.label,
    command,
    container: null,
    through: way,
  };
  return {
    address,
    first,
    ...sums,
    requestSeconds: reach.roundTripSeconds,
    handshakeSeconds: handshakeSeconds(program, reach),
    cloud: store(first.cloud, way === null ? [] : [run]),
  };
}

type Sums = Pick<LoadOutcome, 'answered' | 'failed' | 'dialled' | 'seconds'>;

function expectedConnections(
  { seconds, workers }: LoadProgram,
  { openFor, workers: own }: ConnectionLoad,
): number {
  if (openFor === null) return workers;
  const each = Math.max(openFor, own?.interval ?? 0);
  const attempts = own?.attempts ?? null;
  return attempts === null ? (workers * (seconds ?? 0)) / each : workers * attempts;
}

/** Nobody's ports are taken, so all connections fare alike. */
function alone(program: LoadProgram, load: ConnectionLoad, reach: Reach): Sums {
  const interval = intervalSeconds(program);
  const first = interval ?? 0;
  const one = cost(program, reach);
  const cycle = Math.max(one, interval ?? 0);
  const dial = load.openFor === null ? handshakeSeconds(program, reach) : 0;
  const each =
    program.seconds === null
      ? (load.workers?.attempts ?? 0)
      : Math.max(0, Math.ceil((program.seconds - first - dial) / cycle));
  const last = each === 0 ? 0 : first + dial + (each - 1) * cycle + one;
  const requests = each * program.workers;
  const isAnswered = reach.outcome === 'answered';
  return {
    answered: isAnswered ? requests : 0,
    failed: isAnswered ? 0 : requests,
    dialled: isAnswered ? (load.openFor === null ? Math.min(program.workers, requests) : requests) : 0,
    seconds: Math.max(last, program.seconds ?? 0),
  };
}

function cost(program: LoadProgram, reach: Reach): number {
  switch (reach.outcome) {
    case 'answered':
      return requestSeconds(program, reach);
    case 'refused':
      return reach.roundTripSeconds;
    case 'unanswered':
      return program.giveUpAfter;
  }
}

/** The run competes for ports with whatever else uses them. */
function among(cloud: Cloud, program: LoadProgram, load: ConnectionLoad, reach: Reach, way: WayOut): Sums {
  const rivals = allRuns(cloud, compileUnloaded(cloud)).filter(
    ({ through }) => through !== null && inventoryKey(through) === inventoryKey(way),
  );
  const quiet = alone(program, load, reach);
  const { start, stop } = load;
  let until = stop ?? start + quiet.seconds;
  let own = countOf(way, rivals, load, until);
  if (own.failed === 0) return quiet;
  const isOver = (): boolean => stop !== null || load.openFor === null || own.workersDone !== null;
  while (!isOver()) {
    until = start + (until - start) * 2;
    own = countOf(way, rivals, load, until);
  }
  const { giveUpAfter } = program;
  if (load.openFor !== null) {
    const end =
      stop === null ? (own.workersDone ?? until) : Math.max(stop, (own.lastFailed ?? 0) + giveUpAfter);
    return { answered: own.connected, failed: own.failed, dialled: own.connected, seconds: end - start };
  }
  // Workers that never get a connection make all their attempts, each as long as the patience lasts.
  const attempts = load.workers?.attempts ?? null;
  if (stop === null && attempts !== null) {
    until = start + quiet.seconds + (attempts + 1) * (giveUpAfter + (load.workers?.interval ?? 0));
    own = countOf(way, rivals, load, until);
    return {
      answered: program.workers * attempts - own.failed,
      failed: own.failed,
      dialled: own.connected,
      seconds: Math.max(quiet.seconds, (own.lastFailed ?? start) + giveUpAfter - start),
    };
  }
  const end = Math.max(stop ?? start, (own.lastFailed ?? 0) + giveUpAfter);
  return {
    answered: Math.round((quiet.answered * own.connected) / program.workers),
    failed: own.failed,
    dialled: own.connected,
    seconds: end - start,
  };
}

function countOf(
  { inventory }: WayOut,
  rivals: readonly ConnectionLoad[],
  load: ConnectionLoad,
  until: number,
): LoadCount {
  // What goes on at that second is tried before what starts in it.
  const { loads } = runLoads(inventory, [...rivals, load], until);
  const own = loads.at(-1);
  if (own === undefined) throw new Error('a run without its own load');
  return own;
}
