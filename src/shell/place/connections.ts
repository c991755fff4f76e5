/** The connections that programs of a place have open at this moment, as far as they make load. */
import type { Cloud } from '../../model/cloud.ts';
import { compileUnloaded } from '../../model/compile/compile.ts';
import type { TrafficRun } from '../../model/snat/load.ts';
import { runLoads } from '../../model/snat/run-loads.ts';
import { heldConnections } from '../../model/traffic/held-run.ts';
import { trafficState } from '../../model/traffic/traffic-state.ts';
import type { TrafficState } from '../../model/traffic/traffic-state.ts';
import type { NetworkView } from './network-view.ts';
import { ownAddress } from './network-view.ts';

export interface Connection {
  readonly state: 'ESTABLISHED' | 'SYN-SENT';
  readonly local: { readonly address: string; readonly port: number };
  readonly peer: { readonly address: string; readonly port: number };
  readonly program: string;
}

interface Counts {
  readonly established: number;
  readonly waiting: number;
}

/** Returns the connections of a place's own programs; those of pods are in the pods' own namespaces. */
export function connectionsOf(view: NetworkView): readonly Connection[] {
  const local = ownAddress(view);
  const state = trafficState(view.cloud, compileUnloaded(view.cloud));
  return state.running
    .filter(({ from }) => from === view.place.label || from === view.host.id)
    .flatMap((run) => connectionsOfRun(view.cloud, state, run, local));
}

/** Returns the connections of one load, each from a port of its own. */
export function connectionsOfRun(
  cloud: Cloud,
  state: TrafficState,
  run: TrafficRun,
  local: string,
): readonly Connection[] {
  const { established, waiting } = countsOf(cloud, state, run);
  const [program = ''] = run.command.split(' ');
  const ports = sourcePorts(run);
  return Array.from({ length: established + waiting }, (_, at) => ({
    state: at < established ? ('ESTABLISHED' as const) : ('SYN-SENT' as const),
    local: { address: local, port: ports(at) },
    peer: run.destination,
    program: program.split('/').at(-1) ?? '',
  }));
}

function countsOf(cloud: Cloud, { inventories }: TrafficState, run: TrafficRun): Counts {
  const { workers, openFor, start, end } = run;
  if (heldConnections(run) > 0) {
    const own = inventories.flatMap(({ loads, run: result }) => result.loads[loads.indexOf(run)] ?? []);
    return { established: own[0]?.open ?? 0, waiting: 0 };
  }
  if (workers === undefined || cloud.now < start + (workers.interval ?? 0)) {
    return { established: 0, waiting: 0 };
  }
  for (const { loads, run: result, way } of inventories) {
    const at = loads.indexOf(run);
    const own = result.loads[at];
    if (own === undefined) continue;
    if (end === 'half-open') return { established: 0, waiting: workers.count };
    // Each failed attempt goes on waiting for an answer until its worker gives up.
    const earlier = runLoads(way.inventory, loads, cloud.now - workers.giveUpAfter).loads[at];
    return { established: own.open, waiting: own.failed - (earlier?.failed ?? 0) };
  }
  switch (end) {
    case 'half-open':
      return { established: 0, waiting: workers.count };
    case 'rst':
    case 'idle':
      return { established: 0, waiting: 0 };
    case 'fin': {
      const share = openFor === null || workers.interval === null ? 1 : openFor / workers.interval;
      return { established: Math.floor(workers.count * Math.min(1, share)), waiting: 0 };
    }
  }
}

/** Linux's default range of source ports; a kernel draws them in no visible order. */
const EPHEMERAL = { first: 32_768, count: 28_232 };
/** Has no factor in common with the count, so that no port comes twice. */
const STRIDE = 7919;

/** Returns the source port of each connection of a load. */
export function sourcePorts({ from, command }: TrafficRun): (at: number) => number {
  let offset = 0;
  for (const letter of `${from} ${command}`) offset = (offset * 31 + letter.charCodeAt(0)) % EPHEMERAL.count;
  return (at) => EPHEMERAL.first + ((offset + at * STRIDE) % EPHEMERAL.count);
}
