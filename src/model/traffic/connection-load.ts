/** A program that makes load, as connections: how many workers, how long each connection lasts, how it ends. */
import type { LoadProgram } from '../kubernetes/load-program.ts';
import { EPHEMERAL_PORTS, TIME_WAIT } from '../limits/snat.ts';
import type { ConnectionLoad } from '../snat/load.ts';

/** What the network does to the program's connections. */
export interface Reach {
  readonly destination: ConnectionLoad['destination'];
  readonly roundTripSeconds: number;
  /** `refused`: reset at once. `unanswered`: nobody says anything. */
  readonly outcome: 'answered' | 'refused' | 'unanswered';
}

/** Round trips before the first request: the handshake, and with TLS 1.3 one more. */
export function handshakeSeconds(program: LoadProgram, { roundTripSeconds }: Reach): number {
  return roundTripSeconds * (program.url.scheme === 'https' ? 2 : 1);
}

/** Seconds of one request, with the handshake if each request has a connection of its own. */
export function requestSeconds(program: LoadProgram, reach: Reach): number {
  const own = program.connections === 'one-per-request' ? handshakeSeconds(program, reach) : 0;
  return own + reach.roundTripSeconds;
}

/**
 * Seconds that one worker lets pass between two of its requests at least. Without a limit of its own, a
 * program that opens a connection for each request can go on only as fast as Linux gives source ports
 * back, which wait in TIME-WAIT.
 */
export function intervalSeconds({ perWorker, connections, requests, workers }: LoadProgram): number | null {
  if (perWorker !== null) return 1 / perWorker;
  const { lowest, highest } = EPHEMERAL_PORTS.value;
  const ports = highest - lowest + 1;
  const isShort = requests !== null && requests <= ports;
  return connections === 'kept' || isShort ? null : (workers * TIME_WAIT.value) / ports;
}

/** What starting a program takes, before it connects. */
const PROGRAM_START_SECONDS = 0.01;

/** What a shell loop makes of a program: how long a run takes, and how long the pause is after it. */
function rounds(program: LoadProgram, reach: Reach): { readonly run: number; readonly pause: number } | null {
  if (program.againAfter === undefined) return null;
  const each = Math.max(requestSeconds(program, reach), intervalSeconds(program) ?? 0);
  const requests = (program.requests ?? 0) / program.workers;
  const dial = program.connections === 'kept' ? handshakeSeconds(program, reach) : 0;
  return {
    run: program.seconds ?? dial + requests * each,
    pause: program.againAfter + PROGRAM_START_SECONDS,
  };
}

/** Returns the connections that a program opens from `start` on, until `stop` or as long as it says itself. */
export function connectionLoad(
  program: LoadProgram,
  reach: Reach,
  { start, stop }: { readonly start: number; readonly stop: number | null },
): ConnectionLoad {
  const { workers: count, requests, connections, giveUpAfter } = program;
  const isKept = connections === 'kept' && reach.outcome === 'answered';
  const one = requestSeconds(program, reach);
  const own = intervalSeconds(program);
  const again = rounds(program, reach);
  const common = {
    protocol: 'tcp',
    destination: reach.destination,
    start,
    connections: null,
    perSecond: null,
    end: reach.outcome === 'answered' ? 'fin' : reach.outcome === 'refused' ? 'rst' : 'half-open',
    stop,
  } as const;
  if (again === null) {
    const attempts = requests === null ? null : requests / count;
    return {
      ...common,
      openFor: isKept ? null : one,
      workers: { count, interval: own, giveUpAfter, attempts },
    };
  }
  // The pause after a run is spread over its connections.
  const perRun = isKept ? 1 : (requests ?? again.run / Math.max(one, own ?? 0)) / count;
  const pause = again.pause / Math.max(1, perRun);
  return {
    ...common,
    openFor: isKept ? again.run : one,
    workers: {
      count,
      interval: (isKept ? again.run : Math.max(one, own ?? 0)) + pause,
      giveUpAfter: giveUpAfter + pause,
      attempts: null,
    },
  };
}
