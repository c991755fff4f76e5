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

/** Returns the connections that a program opens from `start` on, until `stop` or as long as it says itself. */
export function connectionLoad(
  program: LoadProgram,
  reach: Reach,
  { start, stop }: { readonly start: number; readonly stop: number | null },
): ConnectionLoad {
  const { workers, requests, connections, giveUpAfter } = program;
  const isKept = connections === 'kept' && reach.outcome === 'answered';
  const interval = intervalSeconds(program);
  return {
    protocol: 'tcp',
    destination: reach.destination,
    start,
    connections: null,
    perSecond: null,
    openFor: isKept ? null : requestSeconds(program, reach),
    end: reach.outcome === 'answered' ? 'fin' : reach.outcome === 'refused' ? 'rst' : 'half-open',
    stop,
    workers: {
      count: workers,
      interval,
      giveUpAfter,
      attempts: requests === null ? null : requests / workers,
    },
  };
}
