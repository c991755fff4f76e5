/** Connections that programs open, as far as source ports care: how many, to where, how fast, for how long. */
import type { HostId } from '../network/network.ts';

/** How a connection ends, which decides how long its port stays taken. */
export type ConnectionEnd =
  /** Closed properly by either side. */
  | 'fin'
  /** Cut off by a reset. */
  | 'rst'
  /** Left open and silent: only the idle timeout ends it. */
  | 'idle'
  /** Never answered: a SYN that takes a port until the translating device gives up. UDP has no such thing. */
  | 'half-open';

/**
 * Connections from one sender to one destination, opened evenly from `start` on. Times are virtual
 * seconds since the epoch and may have fractions.
 */
export interface ConnectionLoad {
  readonly protocol: 'tcp' | 'udp';
  readonly destination: { readonly address: string; readonly port: number };
  readonly start: number;
  /** Connections that the program tries to open in all; null goes on until somebody stops it. */
  readonly connections: number | null;
  /** Attempts per second; null opens all of them at `start`. */
  readonly perSecond: number | null;
  /** How long each carries data. Null: until the program ends, which `stop` says. */
  readonly openFor: number | null;
  readonly end: ConnectionEnd;
  /** When the program ended; null while it runs. Nothing is tried after that. */
  readonly stop: number | null;
  /**
   * How many attempts and open connections there may be at once, as programs with so many workers have:
   * one that was due waits for a worker, and a failed attempt keeps its worker for `giveUpAfter` seconds.
   * A worker whose connection closed opens the next at once, or when `perSecond` allows. Absent: no bound.
   */
  readonly workers?: { readonly count: number; readonly giveUpAfter: number };
}

/** A load with the place that its connections start from, in netpath's words: `pod/default/web`. */
export interface TrafficRun extends ConnectionLoad {
  readonly from: HostId;
  /** The program and its arguments, as `ps` would show them. */
  readonly command: string;
}
